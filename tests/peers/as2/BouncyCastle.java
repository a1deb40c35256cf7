// A station of Bouncy Castle and JavaMail, which most Java products for AS2 are made of.
//
// java -cp JARS BouncyCastle.java OWN-KEY-AND-CERTIFICATE.pem PARTNER-CERTIFICATE.pem
//
// One line asks, one line answers: words `name=value` with a tab between them, bytes in base64.
// `make` wraps a document, `read` unwraps a message and writes its receipt, `take` reads a receipt.

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Security;
import java.security.cert.X509Certificate;
import java.security.spec.MGF1ParameterSpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.activation.DataHandler;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import javax.mail.internet.InternetHeaders;
import javax.mail.internet.MimeBodyPart;
import javax.mail.internet.MimeMultipart;
import javax.mail.util.ByteArrayDataSource;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.cms.CMSObjectIdentifiers;
import org.bouncycastle.asn1.cms.ContentInfo;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaCertStore;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cms.*;
import org.bouncycastle.cms.jcajce.*;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.mail.smime.*;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.operator.OutputAEADEncryptor;
import org.bouncycastle.operator.jcajce.JcaAlgorithmParametersConverter;

public class BouncyCastle {
    static final Map<String, ASN1ObjectIdentifier> CIPHERS = Map.of(
        "3des", CMSAlgorithm.DES_EDE3_CBC,
        "aes128-cbc", CMSAlgorithm.AES128_CBC,
        "aes192-cbc", CMSAlgorithm.AES192_CBC,
        "aes256-cbc", CMSAlgorithm.AES256_CBC,
        "aes128-gcm", CMSAlgorithm.AES128_GCM,
        "aes256-gcm", CMSAlgorithm.AES256_GCM);

    final PrivateKey key;
    final X509Certificate own;
    final X509Certificate partner;

    BouncyCastle(String ownFile, String partnerFile) throws Exception {
        try (var pem = new PEMParser(new FileReader(ownFile))) {
            key = new JcaPEMKeyConverter().getPrivateKey((PrivateKeyInfo) pem.readObject());
            own = certificate(pem.readObject());
        }
        try (var pem = new PEMParser(new FileReader(partnerFile))) {
            partner = certificate(pem.readObject());
        }
    }

    static X509Certificate certificate(Object read) throws Exception {
        return new JcaX509CertificateConverter().getCertificate((X509CertificateHolder) read);
    }

    public static void main(String[] arguments) throws Exception {
        Security.addProvider(new BouncyCastleProvider());
        var station = new BouncyCastle(arguments[0], arguments[1]);
        var lines = new BufferedReader(new InputStreamReader(System.in));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String told;
            try {
                told = station.answer(words(line));
            } catch (Exception why) {
                told = "failed=" + base64(String.valueOf(why).getBytes());
            }
            System.out.println(told);
            System.out.flush();
        }
    }

    String answer(Map<String, String> ask) throws Exception {
        return switch (ask.get("do")) {
            case "make" -> make(ask);
            case "read" -> read(ask);
            case "take" -> take(part(bytes(ask.get("raw"))));
            default -> throw new IllegalArgumentException(ask.get("do"));
        };
    }

    /** Wraps a document: compressed, signed, compressed, encrypted, as it was asked for. */
    String make(Map<String, String> ask) throws Exception {
        var source = new ByteArrayDataSource(bytes(ask.get("document")), "application/edi-x12");
        var part = new MimeBodyPart();
        part.setDataHandler(new DataHandler(source));
        part.setHeader("Content-Type", "application/edi-x12");
        part.setHeader("Content-Transfer-Encoding", "binary");
        part.setHeader("Content-Disposition", "attachment; filename=\"order.edi\"");
        var signs = ask.containsKey("sign");
        var digest = ask.getOrDefault("sign", "SHA-256");
        var mic = digest(digest, whole(part));
        if ("before".equals(ask.get("compress"))) {
            part = compress(part, ask.get("encoding"));
        }
        if (signs) {
            mic = digest(digest, whole(part));
            part = sign(part, digest, ask);
        }
        if ("after".equals(ask.get("compress"))) {
            part = compress(part, ask.get("encoding"));
        }
        if (ask.containsKey("encrypt")) {
            part = encrypt(part, ask);
        }
        return "raw=" + base64(whole(part)) + "\tmic=" + base64(mic);
    }

    MimeBodyPart compress(MimeBodyPart part, String encoding) throws Exception {
        var generator = new SMIMECompressedGenerator();
        generator.setContentTransferEncoding(encoding);
        return generator.generate(part, new ZlibCompressor());
    }

    MimeBodyPart sign(MimeBodyPart part, String digest, Map<String, String> ask) throws Exception {
        var with = digest.replace("-", "") + "withRSA";
        if ("pss".equals(ask.get("scheme"))) {
            with += "andMGF1";
        }
        var generator = new SMIMESignedGenerator(SMIMESignedGenerator.RFC5751_MICALGS);
        generator.setContentTransferEncoding(ask.get("encoding"));
        generator.addSignerInfoGenerator(
            new JcaSimpleSignerInfoGeneratorBuilder().setProvider("BC").build(with, key, own));
        generator.addCertificates(new JcaCertStore(List.of(own)));
        if (ask.containsKey("opaque")) {
            return generator.generateEncapsulated(part);
        }
        var both = generator.generate(part);
        var signed = new MimeBodyPart();
        signed.setContent(both);
        signed.setHeader("Content-Type", both.getContentType());
        return signed;
    }

    MimeBodyPart encrypt(MimeBodyPart part, Map<String, String> ask) throws Exception {
        var cipher = CIPHERS.get(ask.get("encrypt"));
        var to = switch (ask.getOrDefault("transport", "pkcs1")) {
            case "oaep-sha1" -> oaep("SHA-1", MGF1ParameterSpec.SHA1);
            case "oaep-sha256" -> oaep("SHA-256", MGF1ParameterSpec.SHA256);
            default -> new JceKeyTransRecipientInfoGenerator(partner);
        };
        to.setProvider("BC");
        var encryptor = new JceCMSContentEncryptorBuilder(cipher).setProvider("BC").build();
        if (encryptor instanceof OutputAEADEncryptor gcm) {
            // The S/MIME of this version has no generator for it; its CMS has.
            var generator = new CMSAuthEnvelopedDataGenerator();
            generator.addRecipientInfoGenerator(to);
            var sealed = generator.generate(new CMSProcessableByteArray(whole(part)), gcm);
            var headers = new InternetHeaders();
            headers.addHeader("Content-Type",
                "application/pkcs7-mime; name=\"smime.p7m\"; smime-type=authEnveloped-data");
            headers.addHeader("Content-Transfer-Encoding", "binary");
            return new MimeBodyPart(headers, sealed.getEncoded());
        }
        var generator = new SMIMEEnvelopedGenerator();
        generator.setContentTransferEncoding(ask.get("encoding"));
        generator.addRecipientInfoGenerator(to);
        return generator.generate(part, encryptor);
    }

    JceKeyTransRecipientInfoGenerator oaep(String digest, MGF1ParameterSpec mask) throws Exception {
        var how = new OAEPParameterSpec(digest, "MGF1", mask, PSource.PSpecified.DEFAULT);
        var identifier = new JcaAlgorithmParametersConverter().getAlgorithmIdentifier(
            PKCSObjectIdentifiers.id_RSAES_OAEP, how);
        return new JceKeyTransRecipientInfoGenerator(partner, identifier);
    }

    /** Unwraps a message, tells each layer, and writes the receipt that was asked for. */
    String read(Map<String, String> ask) throws Exception {
        var layers = new ArrayList<String>();
        var part = part(bytes(ask.get("raw")));
        var mic = digest("SHA-256", bytes(part));
        for (int layer = 0; layer < 5; layer++) {
            if (part.isMimeType("multipart/signed")) {
                var signed = new SMIMESigned((MimeMultipart) part.getContent());
                var by = verified(signed);
                mic = digest(by, covered(signed));
                layers.add("signed " + by);
                part = signed.getContent();
            } else if (part.isMimeType("application/pkcs7-mime")) {
                part = unwrap(part, layers);
                if (layers.stream().noneMatch(it -> it.startsWith("signed"))) {
                    mic = digest("SHA-256", whole(part));
                }
            } else {
                break;
            }
        }
        var told = "document=" + base64(bytes(part)) + "\tlayers=" + String.join(",", layers)
            + "\tmic=" + base64(mic);
        return told + "\treceipt=" + base64(whole(receipt(ask, mic)));
    }

    MimeBodyPart unwrap(MimeBodyPart part, List<String> layers) throws Exception {
        var der = bytes(part);
        var kind = ContentInfo.getInstance(der).getContentType();
        if (kind.equals(CMSObjectIdentifiers.compressedData)) {
            layers.add("compressed");
            var opened = new SMIMECompressed(part).getContent(new ZlibExpanderProvider(64 << 20));
            return SMIMEUtil.toMimeBodyPart(opened);
        }
        var me = new JceKeyTransRecipientId(own);
        if (kind.equals(CMSObjectIdentifiers.authEnvelopedData)) {
            layers.add("encrypted");
            var sealed = new CMSAuthEnvelopedData(der).getRecipientInfos().get(me);
            var by = new JceKeyTransAuthEnvelopedRecipient(key).setProvider("BC");
            return SMIMEUtil.toMimeBodyPart(sealed.getContent(by));
        }
        layers.add("encrypted");
        var sealed = new SMIMEEnveloped(part).getRecipientInfos().get(me);
        var by = new JceKeyTransEnvelopedRecipient(key).setProvider("BC");
        return SMIMEUtil.toMimeBodyPart(sealed.getContent(by));
    }

    /** The digest of the one signature, which the partner made. */
    String verified(SMIMESigned signed) throws Exception {
        var by = new JcaSimpleSignerInfoVerifierBuilder().setProvider("BC").build(partner);
        var signers = signed.getSignerInfos().getSigners();
        if (signers.size() != 1 || !signers.iterator().next().verify(by)) {
            throw new CMSException("the signature does not verify");
        }
        var digest = signers.iterator().next().getDigestAlgorithmID().getAlgorithm();
        return MessageDigest.getInstance(digest.getId(), "BC").getAlgorithm();
    }

    MimeBodyPart receipt(Map<String, String> ask, byte[] mic) throws Exception {
        var text = new MimeBodyPart();
        text.setText("The message was taken.");
        var fields = "Reporting-UA: Bouncy Castle\r\nOriginal-Recipient: rfc822; GLOBEX\r\n"
            + "Final-Recipient: rfc822; GLOBEX\r\nOriginal-Message-ID: " + ask.get("id")
            + "\r\nDisposition: automatic-action/MDN-sent-automatically; processed\r\n"
            + "Received-Content-MIC: " + base64(mic) + ", " + ask.get("micalg") + "\r\n";
        var headers = new InternetHeaders();
        headers.addHeader("Content-Type", "message/disposition-notification");
        headers.addHeader("Content-Transfer-Encoding", "7bit");
        var told = new MimeBodyPart(headers, fields.getBytes(StandardCharsets.US_ASCII));
        var both = new MimeMultipart("report; report-type=disposition-notification");
        both.addBodyPart(text);
        both.addBodyPart(told);
        var report = new MimeBodyPart();
        report.setContent(both);
        report.setHeader("Content-Type", both.getContentType());
        var digest = ask.get("receipt");
        return digest == null ? report : sign(report, digest, Map.of("encoding", "base64"));
    }

    String take(MimeBodyPart part) throws Exception {
        var signed = "no";
        if (part.isMimeType("multipart/signed")) {
            var both = new SMIMESigned((MimeMultipart) part.getContent());
            signed = verified(both);
            part = both.getContent();
        }
        var report = (MimeMultipart) part.getContent();
        var fields = part(bytes((MimeBodyPart) report.getBodyPart(1)));
        var mic = fields.getHeader("Received-Content-MIC", null).split(",");
        return "signed=" + signed + "\tmic=" + mic[0].trim() + "\tmicalg=" + mic[1].trim()
            + "\tid=" + fields.getHeader("Original-Message-ID", null)
            + "\tdisposition=" + fields.getHeader("Disposition", null);
    }

    static byte[] covered(SMIMESigned signed) throws Exception {
        var out = new ByteArrayOutputStream();
        signed.getSignedContent().write(out);
        return out.toByteArray();
    }

    static byte[] digest(String name, byte[] of) throws Exception {
        return MessageDigest.getInstance(name).digest(of);
    }

    static MimeBodyPart part(byte[] raw) throws Exception {
        return new MimeBodyPart(new ByteArrayInputStream(raw));
    }

    static byte[] whole(MimeBodyPart part) throws Exception {
        var out = new ByteArrayOutputStream();
        part.writeTo(out);
        return out.toByteArray();
    }

    static byte[] bytes(MimeBodyPart part) throws Exception {
        try (var in = part.getInputStream()) {
            return in.readAllBytes();
        }
    }

    static byte[] bytes(String base64) {
        return Base64.getDecoder().decode(base64);
    }

    static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    static Map<String, String> words(String line) {
        var words = new HashMap<String, String>();
        for (var word : line.split("\t")) {
            var at = word.indexOf('=');
            words.put(word.substring(0, at), word.substring(at + 1));
        }
        return words;
    }
}
