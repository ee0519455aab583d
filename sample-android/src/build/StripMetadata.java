import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.objectweb.asm.AnnotationVisitor;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;

/**
 * Copies a jar without what Kotlin's compiler notes in each class for itself and for reflection,
 * which nothing here uses: it takes a tenth of the APK. R8 would leave it out as well.
 *
 * <p>Arguments: the jar, and the copy.
 */
final class StripMetadata extends ClassVisitor {
  private static final Set<String> NOTES =
      Set.of("Lkotlin/Metadata;", "Lkotlin/jvm/internal/SourceDebugExtension;");

  private StripMetadata(ClassVisitor next) {
    super(Opcodes.ASM9, next);
  }

  public static void main(String[] args) throws IOException {
    try (ZipFile jar = new ZipFile(args[0]);
        ZipOutputStream copy = new ZipOutputStream(Files.newOutputStream(Path.of(args[1])))) {
      for (ZipEntry entry : Collections.list(jar.entries())) {
        copy.putNextEntry(new ZipEntry(entry.getName()));
        try (InputStream content = jar.getInputStream(entry)) {
          byte[] bytes = content.readAllBytes();
          copy.write(entry.getName().endsWith(".class") ? stripped(bytes) : bytes);
        }
      }
    }
  }

  private static byte[] stripped(byte[] image) {
    ClassWriter stripped = new ClassWriter(0);
    new ClassReader(image).accept(new StripMetadata(stripped), 0);
    return stripped.toByteArray();
  }

  @Override
  public AnnotationVisitor visitAnnotation(String type, boolean visible) {
    return NOTES.contains(type) ? null : super.visitAnnotation(type, visible);
  }
}
