import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.codehaus.mojo.animal_sniffer.ClassListBuilder;
import org.codehaus.mojo.animal_sniffer.SignatureChecker;
import org.codehaus.mojo.animal_sniffer.logging.Logger;
import org.codehaus.mojo.animal_sniffer.logging.PrintWriterLogger;

/**
 * Finds what the classes of a jar name and an Android API level lacks. The jar is to be desugared:
 * what D8 replaces is no longer in it.
 *
 * <p>Arguments: the level's signatures, the jar, and prefixes of classes that need not be checked.
 */
final class CheckApi extends SignatureChecker {
  private final List<String> unchecked;

  private CheckApi(InputStream level, Set<String> own, Logger logger, List<String> unchecked)
      throws IOException {
    super(level, own, logger);
    this.unchecked = unchecked;
  }

  public static void main(String[] args) throws IOException {
    File jar = new File(args[1]);
    Logger logger = new PrintWriterLogger(System.out);
    ClassListBuilder own = new ClassListBuilder(logger);
    own.setCheckJars(true);
    own.process(jar);
    List<String> unchecked = Arrays.asList(args).subList(2, args.length);
    try (InputStream level = new FileInputStream(args[0])) {
      CheckApi check = new CheckApi(level, own.getPackages(), logger, unchecked);
      check.setSourcePath(List.of());
      check.setCheckJars(true);
      check.process(jar);
      if (check.isSignatureBroken()) System.exit(1);
    }
  }

  @Override
  protected void process(String name, InputStream image) throws IOException {
    // The name begins with that of the jar, and a colon.
    String entry = name.substring(name.lastIndexOf(':') + 1);
    if (unchecked.stream().noneMatch(entry::startsWith)) super.process(entry, image);
  }
}
