import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.codehaus.mojo.animal_sniffer.SignatureChecker;
import org.codehaus.mojo.animal_sniffer.logging.Logger;
import org.codehaus.mojo.animal_sniffer.logging.PrintWriterLogger;

/** Finds what classes name and an Android API level lacks. */
final class CheckApi extends SignatureChecker {
  private CheckApi(InputStream level, Set<String> own, Logger logger) throws IOException {
    super(level, own, logger);
  }

  /**
   * Checks {@code classes}, by their names with slashes, desugared: what D8 replaces is no longer
   * in them.
   *
   * @param unchecked prefixes of names
   * @throws IllegalStateException if the level lacks something; what, is printed
   */
  static void check(Path level, Map<String, byte[]> classes, List<String> unchecked) {
    try (InputStream signatures = Files.newInputStream(level)) {
      CheckApi check =
          new CheckApi(signatures, classes.keySet(), new PrintWriterLogger(System.out));
      check.setSourcePath(List.of());
      for (Map.Entry<String, byte[]> named : classes.entrySet()) {
        if (unchecked.stream().anyMatch(named.getKey()::startsWith)) continue;
        check.process(named.getKey(), new ByteArrayInputStream(named.getValue()));
      }
      if (check.isSignatureBroken()) {
        throw new IllegalStateException("the app names what is not in " + level.getFileName());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
