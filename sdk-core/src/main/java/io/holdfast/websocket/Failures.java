package io.holdfast.websocket;

import io.holdfast.ConnectionException;
import io.holdfast.ConnectionException.ConnectFailed;
import io.holdfast.ConnectionException.EndedWithoutClose;
import io.holdfast.ConnectionException.HostUnresolved;
import io.holdfast.ConnectionException.Refused;
import io.holdfast.ConnectionException.RequestInvalid;
import io.holdfast.ConnectionException.StreamBroken;
import io.holdfast.ConnectionException.TlsFailed;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.net.UnknownServiceException;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;

/** Names in our family what was thrown at us. */
final class Failures {
  // Of a URI in an interceptor's text.
  private static final Pattern USER_INFO = Pattern.compile("://[^/?#\\s@]*@");
  // From the beginning of a word on, and without a second try: text of a peer's may be made so that
  // each try reads all of it.
  private static final Pattern QUERY = Pattern.compile("(?<!\\S)((?>\\S*?://)[^?\\s]*+)\\?\\S*");

  private Failures() {}

  /** What OkHttp, or the app's code in it, threw before there was an answer. */
  static ConnectionException ofAttempt(Throwable thrown) {
    String text = text(thrown);
    if (thrown instanceof UnknownHostException) return new HostUnresolved(text, thrown);
    if (thrown instanceof ConnectException) return new Refused(text, thrown);
    if (thrown instanceof SSLException) return new TlsFailed(text, isPinning(thrown), thrown);
    // Cleartext that is not permitted, or TLS settings that leave no cipher.
    if (thrown instanceof UnknownServiceException) return new RequestInvalid(text, thrown);
    return new ConnectFailed(text, thrown);
  }

  /** What was thrown after a peer had accepted the stream: it may have dealt that to all. */
  static ConnectionException ofUpgrade(Throwable thrown) {
    if (thrown instanceof SocketException) return new StreamBroken(text(thrown), thrown);
    // OkHttp says the same of both.
    if (thrown.getCause() instanceof EOFException) {
      return new ConnectFailed("answer was cut off, or has headers above 256 KiB", thrown);
    }
    return ofAttempt(thrown);
  }

  /** What broke the stream once it was open. */
  static ConnectionException ofStream(Throwable thrown) {
    if (thrown instanceof ConnectionException known) return known;
    if (thrown instanceof EOFException) return new EndedWithoutClose();
    return new StreamBroken(text(thrown), thrown);
  }

  private static boolean isPinning(Throwable thrown) {
    // A host name that does not match has the same type, so here the text must tell; a test holds
    // OkHttp to it.
    return thrown instanceof SSLPeerUnverifiedException
        && thrown.getMessage() != null
        && thrown.getMessage().startsWith("Certificate pinning failure!");
  }

  // What is no IOException is the app's code in OkHttp, and may tell of the request.
  private static String text(Throwable thrown) {
    String message = thrown instanceof IOException ? thrown.getMessage() : null;
    return message == null ? thrown.getClass().getSimpleName() : redacted(message);
  }

  private static String redacted(String message) {
    String withoutUser = USER_INFO.matcher(message).replaceAll("://");
    return QUERY.matcher(withoutUser).replaceAll("$1");
  }
}
