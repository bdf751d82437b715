package net.spillway.relay.access;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.TBSCertificate;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.asn1.x509.V3TBSCertificateGenerator;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/**
 * A certificate that vouches for itself (RFC 5280), for P-256, and its key, both as PEM (RFC 7468).
 * It is valid for long, since whoever trusts it does so by its fingerprint.
 */
public record SelfSigned(String certificate, String key) {
    private static final Duration VALID = Duration.ofDays(3650);
    /** Clocks of peers may be behind. */
    private static final Duration EARLIER = Duration.ofDays(1);
    private static final int SERIAL_BITS = 127;
    private static final int LINE = 64;

    /**
     * Makes both, anew each time.
     *
     * @param name that it is for: a host name, or what a relay is called in Path
     */
    public static SelfSigned make(String name, Instant now) throws IOException {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair pair = generator.generateKeyPair();
            var algorithm = new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256);
            TBSCertificate body = body(name, now, pair, algorithm);
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(pair.getPrivate());
            signature.update(body.getEncoded());
            byte[] certificate = new DERSequence(new ASN1Encodable[] {
                body, algorithm, new DERBitString(signature.sign())}).getEncoded();
            return new SelfSigned(pem("CERTIFICATE", certificate),
                    pem("PRIVATE KEY", pair.getPrivate().getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new IOException("this JDK makes no keys: " + e.getMessage(), e);
        }
    }

    private static TBSCertificate body(String name, Instant now, KeyPair pair,
            AlgorithmIdentifier algorithm) throws IOException {
        var ourselves = new X500Name(new RDN[] {new RDN(BCStyle.CN, new DERUTF8String(name))});
        var body = new V3TBSCertificateGenerator();
        body.setSerialNumber(new ASN1Integer(new BigInteger(SERIAL_BITS, new SecureRandom())));
        body.setIssuer(ourselves);
        body.setSubject(ourselves);
        body.setStartDate(new Time(Date.from(now.minus(EARLIER))));
        body.setEndDate(new Time(Date.from(now.plus(VALID))));
        body.setSubjectPublicKeyInfo(
                SubjectPublicKeyInfo.getInstance(pair.getPublic().getEncoded()));
        body.setSignature(algorithm);
        body.setExtensions(new Extensions(new Extension(Extension.subjectAlternativeName, false,
                new GeneralNames(new GeneralName(GeneralName.dNSName, name)).getEncoded())));
        return body.generateTBSCertificate();
    }

    private static String pem(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(LINE, "\n".getBytes(StandardCharsets.US_ASCII))
                        .encodeToString(der)
                + "\n-----END " + label + "-----\n";
    }

    /** Not the key. */
    @Override
    public String toString() {
        return certificate;
    }
}
