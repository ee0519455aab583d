import com.android.apksig.ApkSigner;
import com.android.apksig.ApkVerifier;
import com.android.apksig.KeyConfig;
import java.io.File;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/** Signs an APK as Android 7 and later want it (v2 and v3), and verifies that it is installable. */
final class Sign {
  private static final String ALIAS = "androiddebugkey";
  private static final char[] PASSWORD = "android".toCharArray();

  private Sign() {}

  public static void main(String[] args) throws Exception {
    File keystore = new File(args[0]);
    File unsigned = new File(args[1]);
    File apk = new File(args[2]);
    int minSdk = Integer.parseInt(args[3]);
    KeyStore keys = KeyStore.getInstance(keystore, PASSWORD);
    new ApkSigner.Builder(List.of(signer(keys)))
        .setInputApk(unsigned)
        .setOutputApk(apk)
        .setMinSdkVersion(minSdk)
        .setV1SigningEnabled(false)
        .setV2SigningEnabled(true)
        .setV3SigningEnabled(true)
        .build()
        .sign();
    verify(apk);
  }

  private static ApkSigner.SignerConfig signer(KeyStore keys) throws Exception {
    PrivateKey key = (PrivateKey) keys.getKey(ALIAS, PASSWORD);
    X509Certificate certificate = (X509Certificate) keys.getCertificate(ALIAS);
    return new ApkSigner.SignerConfig.Builder(ALIAS, new KeyConfig.Jca(key), List.of(certificate))
        .build();
  }

  private static void verify(File apk) throws Exception {
    ApkVerifier.Result result = new ApkVerifier.Builder(apk).build().verify();
    if (result.isVerified() && !result.containsErrors() && result.getWarnings().isEmpty()) return;
    throw new IllegalStateException(
        apk
            + " must verify without errors and warnings but had "
            + result.getAllErrors()
            + result.getWarnings());
  }
}
