import java.util.Set;
import org.objectweb.asm.AnnotationVisitor;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;

/**
 * Takes out of a class what Kotlin's compiler notes for itself and for reflection, which nothing
 * here uses: it takes a tenth of the APK. R8 would leave it out as well.
 */
final class StripMetadata extends ClassVisitor {
  private static final Set<String> NOTES =
      Set.of("Lkotlin/Metadata;", "Lkotlin/jvm/internal/SourceDebugExtension;");

  private StripMetadata(ClassVisitor next) {
    super(Opcodes.ASM9, next);
  }

  static byte[] stripped(byte[] image) {
    ClassReader reader = new ClassReader(image);
    // From the reader's own constants, methods are copied as they are.
    ClassWriter stripped = new ClassWriter(reader, 0);
    reader.accept(new StripMetadata(stripped), 0);
    return stripped.toByteArray();
  }

  @Override
  public AnnotationVisitor visitAnnotation(String type, boolean visible) {
    return NOTES.contains(type) ? null : super.visitAnnotation(type, visible);
  }
}
