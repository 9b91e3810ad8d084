package dev.circulate.contract;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** An authority of the test's own, and certificates that it signs, made by the JDK's keytool. */
public final class Certificates {
  private static final char[] PASSWORD = "not a secret".toCharArray();
  private static final String AUTHORITY = "authority";

  private final Path file;

  /**
   * Makes the authority.
   *
   * @param directory where to keep all
   */
  public Certificates(Path directory) throws IOException, InterruptedException {
    this.file = directory.resolve("keys.p12");
    make(AUTHORITY, "-ext", "bc:critical=ca:true", "-validity", "2");
  }

  /**
   * Makes a certificate that is good today.
   *
   * @param alias what it is called here
   * @param names whose it is, such as {@code dns:localhost,ip:127.0.0.1}
   */
  public Certificates sign(String alias, String names) throws IOException, InterruptedException {
    make(alias, "-signer", AUTHORITY, "-ext", "san=" + names, "-validity", "2");
    return this;
  }

  /** A certificate that was good until some days ago. */
  public Certificates signExpired(String alias, String names)
      throws IOException, InterruptedException {
    return signFrom("-10d", alias, names);
  }

  /** A certificate that will be good in some days. */
  public Certificates signEarly(String alias, String names)
      throws IOException, InterruptedException {
    return signFrom("+10d", alias, names);
  }

  private Certificates signFrom(String start, String alias, String names)
      throws IOException, InterruptedException {
    make(
        alias, "-signer", AUTHORITY, "-ext", "san=" + names, "-startdate", start, "-validity", "5");
    return this;
  }

  private void make(String alias, String... options) throws IOException, InterruptedException {
    Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
    List<String> command =
        new ArrayList<>(
            List.of(
                keytool.toString(),
                "-genkeypair",
                "-alias",
                alias,
                "-dname",
                "CN=" + alias,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-keystore",
                file.toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                new String(PASSWORD)));
    command.addAll(List.of(options));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String words = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException("keytool: " + words);
    }
  }

  /** For a server that shows the certificate of that name. */
  public SSLContext server(String alias) throws IOException, GeneralSecurityException {
    KeyStore all = load();
    KeyStore one = empty();
    one.setKeyEntry(alias, all.getKey(alias, PASSWORD), PASSWORD, all.getCertificateChain(alias));
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(one, PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }

  /** For a client that trusts the authority. */
  public SSLContext client() throws IOException, GeneralSecurityException {
    KeyStore trusted = empty();
    trusted.setCertificateEntry(AUTHORITY, load().getCertificate(AUTHORITY));
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  private KeyStore load() throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, PASSWORD);
    }
    return store;
  }

  private static KeyStore empty() throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, PASSWORD);
    return store;
  }
}
