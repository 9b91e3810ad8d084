package dev.circulate.runtime;

import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;

/**
 * Why there is no trust in who answers over TLS, in words for who wants to connect: for those who
 * write a {@link Transport}.
 */
public final class Distrust {
  private Distrust() {}

  /**
   * What is wrong.
   *
   * @param refusal how the handshake failed
   * @param host who should answer
   */
  public static String words(SSLException refusal, String host) {
    String certificate = null;
    for (Throwable each = refusal; each != null; each = each.getCause()) {
      switch (each) {
        case CertificateExpiredException _ -> {
          return "its certificate has expired";
        }
        case CertificateNotYetValidException _ -> {
          return "its certificate is not valid yet";
        }
        case CertPathBuilderException _ -> {
          return "its certificate is of nobody who is trusted here";
        }
        case CertificateException other -> certificate = String.valueOf(other.getMessage());
        default -> {}
      }
    }
    if (certificate != null) {
      return certificate.contains("subject alternative") || certificate.contains("No name matching")
          ? "its certificate is for other hosts than " + host
          : "its certificate is not accepted";
    }
    return refusal instanceof SSLHandshakeException
        ? "there is no agreement on how to speak TLS"
        : "what answers there does not speak TLS";
  }
}
