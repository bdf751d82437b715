package net.spillway.relay.command;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import net.spillway.feed.FeedFate;
import net.spillway.protocol.Command;
import net.spillway.protocol.MessageId;
import net.spillway.protocol.ReplyCode;
import net.spillway.relay.access.Rights;
import net.spillway.relay.session.Answer;
import net.spillway.relay.session.Conversation;
import net.spillway.relay.session.Handler;
import net.spillway.relay.status.ArticleTrace;
import net.spillway.relay.status.TraceReader;
import net.spillway.relay.trace.Check;
import net.spillway.relay.trace.Decision;
import net.spillway.relay.trace.Said;
import net.spillway.spool.ArticlePlace;

/**
 * XSPILLWAY TRACE, our own: what became of an article, a JSON object a line. The first has {@code
 * trace}; then come a line with {@code decision} for each time it was sent to us, one with {@code
 * storage} if it is here, one with {@code group} for each number, one with {@code feed} for each
 * feed, and one with {@code said} for each answer of a peer. Who may not read all groups is told
 * only of articles here of which it may read one, and of those groups; anything else is unknown.
 */
record TraceCommand() implements Handler {
    @Override
    public Answer answer(Conversation conversation, Command command) throws IOException {
        Optional<MessageId> id = MessageId.parse(command.arguments().get(1));
        Rights rights = conversation.rights();
        return id.isEmpty() ? Answer.line(ReplyCode.SYNTAX_ERROR, "not a message-ID")
                : Answer.block(ReplyCode.LIST, "trace follows", Lines.later(() -> lines(
                        new TraceReader(conversation.relay()).trace(id.get()).seenBy(rights))));
    }

    private static List<String> lines(ArticleTrace trace) {
        List<String> lines = new ArrayList<>();
        Map<String, Object> first = new LinkedHashMap<>();
        first.put("trace", trace.id().value());
        first.put("presence", word(trace.presence()));
        first.put("remembersSince", trace.memory().reachesBackTo());
        first.put("lostSince", trace.lostSince().orElse(null));
        first.put("forgotten", trace.isForgotten());
        lines.add(Json.object(first));
        trace.memory().decisions().forEach(d -> lines.add(Json.object(decision(d))));
        trace.place().ifPresent(place -> {
            lines.add(Json.object(place(place)));
            place.numbers().forEach((group, number) -> {
                Map<String, Object> fields = new LinkedHashMap<>();
                fields.put("group", group);
                fields.put("number", number);
                lines.add(Json.object(fields));
            });
        });
        trace.fates().forEach(fate -> lines.add(Json.object(fate(fate))));
        trace.memory().said().forEach(said -> lines.add(Json.object(said(said))));
        return lines;
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static Map<String, Object> decision(Decision decision) {
        List<Check> all = decision.origin().isPost() ? Check.POSTED : Check.RELAYED;
        int passed = decision.failed().map(all::indexOf).orElse(all.size());
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("decision", word(decision.kind()));
        fields.put("at", decision.at());
        fields.put("from", decision.origin().isPost() ? "post" : decision.origin().peer());
        fields.put("host", decision.origin().host());
        fields.put("user", decision.origin().account().orElse(null));
        fields.put("passed", String.join(",", all.subList(0, Math.max(0, passed)).stream()
                .map(TraceCommand::word).toList()));
        fields.put("failed", decision.failed().map(TraceCommand::word).orElse(null));
        fields.put("reason", decision.why());
        fields.put("bytes", decision.bytes());
        return fields;
    }

    private static Map<String, Object> place(ArticlePlace place) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("storage", place.storage());
        fields.put("segment", place.token().segment());
        fields.put("offset", place.token().offset());
        fields.put("file", place.file());
        fields.put("sequence", place.sequence());
        fields.put("arrival", place.arrival());
        fields.put("source", place.source());
        fields.put("bytes", place.wireLength());
        return fields;
    }

    private static Map<String, Object> fate(FeedFate fate) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("feed", fate.peer());
        fields.put("state", word(fate.state()));
        fields.put("rule", word(fate.verdict()));
        return fields;
    }

    private static Map<String, Object> said(Said said) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("said", said.reply());
        fields.put("by", said.peer());
        fields.put("at", said.at());
        return fields;
    }
}
