package net.spillway.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/**
 * The message-IDs in an NZB, read by the JDK's XML parser.
 *
 * @param data of articles that carry the files' own slices
 * @param parity of articles in {@code .par2} files
 */
record Manifest(List<String> data, List<String> parity) {
    static Manifest read(Path nzb) throws IOException {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature(
                    "http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
            NodeList files = factory.newDocumentBuilder().parse(nzb.toFile())
                    .getElementsByTagName("file");
            Manifest manifest = new Manifest(new ArrayList<>(), new ArrayList<>());
            for (int i = 0; i < files.getLength(); i++) {
                Element file = (Element) files.item(i);
                boolean parity = file.getAttribute("subject").contains(".par2");
                NodeList segments = file.getElementsByTagName("segment");
                for (int j = 0; j < segments.getLength(); j++) {
                    String id = "<" + segments.item(j).getTextContent().strip() + ">";
                    (parity ? manifest.parity : manifest.data).add(id);
                }
            }
            return manifest;
        } catch (ParserConfigurationException | SAXException e) {
            throw new IOException(nzb + ": " + Files.readString(nzb), e);
        }
    }

    /** Every article, data first. */
    List<String> all() {
        List<String> all = new ArrayList<>(data);
        all.addAll(parity);
        return all;
    }
}
