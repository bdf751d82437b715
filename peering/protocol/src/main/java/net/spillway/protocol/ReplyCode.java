package net.spillway.protocol;

/** The response codes of RFC 3977, 4643 (AUTHINFO), 4642 (STARTTLS) and 4644 (streaming). */
public final class ReplyCode {
    public static final int HELP = 100;
    public static final int CAPABILITIES = 101;
    public static final int DATE = 111;

    public static final int READY_POSTING_ALLOWED = 200;
    public static final int READY_POSTING_PROHIBITED = 201;
    /** MODE STREAM is understood. */
    public static final int STREAMING = 203;
    public static final int CLOSING = 205;
    /** RFC 8054. */
    public static final int COMPRESSION_ACTIVE = 206;
    /** GROUP and LISTGROUP alike. */
    public static final int GROUP = 211;
    /** LIST of any kind. */
    public static final int LIST = 215;
    public static final int ARTICLE = 220;
    public static final int HEAD = 221;
    public static final int BODY = 222;
    /** STAT, NEXT and LAST. */
    public static final int ARTICLE_EXISTS = 223;
    public static final int OVERVIEW = 224;
    public static final int HEADERS = 225;
    public static final int NEW_ARTICLES = 230;
    public static final int NEW_GROUPS = 231;
    public static final int TRANSFERRED = 235;
    public static final int CHECK_SEND = 238;
    public static final int TAKETHIS_TAKEN = 239;
    public static final int POSTED = 240;
    public static final int AUTHENTICATED = 281;
    public static final int AUTHENTICATED_WITH_DATA = 283;

    /** XHAVE, see {@link HaveBlock}. */
    public static final int HELD = 290;

    public static final int SEND_TRANSFER = 335;
    public static final int SEND_POST = 340;
    public static final int PASSWORD_REQUIRED = 381;
    public static final int START_TLS = 382;
    public static final int SASL_CONTINUE = 383;

    /** The service goes away; also TAKETHIS's only way to say "later". */
    public static final int SERVICE_UNAVAILABLE = 400;
    public static final int WRONG_MODE = 401;
    public static final int INTERNAL_FAULT = 403;
    public static final int NO_SUCH_GROUP = 411;
    public static final int NO_GROUP_SELECTED = 412;
    public static final int NO_CURRENT_ARTICLE = 420;
    public static final int NO_NEXT = 421;
    public static final int NO_PREVIOUS = 422;
    public static final int NO_SUCH_NUMBER = 423;
    public static final int NO_SUCH_ARTICLE = 430;
    /** CHECK: try again later, which is not {@link #CHECK_UNWANTED}. */
    public static final int CHECK_LATER = 431;
    public static final int TRANSFER_UNWANTED = 435;
    public static final int TRANSFER_LATER = 436;
    public static final int TRANSFER_REJECTED = 437;
    public static final int CHECK_UNWANTED = 438;
    public static final int TAKETHIS_REJECTED = 439;
    public static final int POSTING_PROHIBITED = 440;
    public static final int POSTING_FAILED = 441;
    /** What some servers say of articles that were taken down; no standard has it. */
    public static final int TAKEN_DOWN = 451;
    public static final int AUTHENTICATION_REQUIRED = 480;
    public static final int AUTHENTICATION_FAILED = 481;
    public static final int AUTHENTICATION_OUT_OF_SEQUENCE = 482;
    /** TLS has to come first. */
    public static final int ENCRYPTION_REQUIRED = 483;

    public static final int UNKNOWN_COMMAND = 500;
    public static final int SYNTAX_ERROR = 501;
    public static final int NOT_PERMITTED = 502;
    public static final int NOT_SUPPORTED = 503;
    public static final int BASE64_ERROR = 504;
    public static final int TLS_FAILED = 580;

    private ReplyCode() {}
}
