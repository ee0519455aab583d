package io.holdfast.arch;

import static com.tngtech.archunit.core.domain.JavaModifier.SYNCHRONIZED;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The walls between the rooms of sdk-core: who may know whom. */
class WallsTest {
  private static final String PUBLIC = "io.holdfast";
  private static final String[] PURE = {
    "io.holdfast.internal.heartbeat..",
    "io.holdfast.internal.machine..",
    "io.holdfast.internal.outbox..",
    "io.holdfast.internal.inbound.."
  };
  // What an app takes as it is, on the threads that connections share.
  private static final String READY_MADE = "io.holdfast.network.DesktopNetworkMonitor";
  private static final JavaClasses CLASSES =
      new ClassFileImporter().importPath(Path.of("target", "classes"));

  @Test
  void somethingWasImported() {
    assertThat(CLASSES).hasSizeGreaterThan(50);
  }

  @Test
  void onlyTheWebSocketRoomKnowsOkHttp() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage("io.holdfast.websocket..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("okhttp3..", "okio..", "kotlin.."));
  }

  @Test
  void onlyTheRetryRoomAndTheBuilderKnowResilience4j() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackages(PUBLIC, "io.holdfast.internal", "io.holdfast.internal.retry..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.github.resilience4j.."));
  }

  @Test
  void decisionsHaveNoThreadSocketRandomSourceOrLog() {
    check(
        noClasses()
            .that()
            .resideInAnyPackage(PURE)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.util.concurrent..", "java.net..", "java.io..", "org.slf4j..")
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(Random.class)
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(Thread.class));
  }

  @Test
  void telemetryIsGivenTheTimeAndDoesNotLog() {
    check(
        noClasses()
            .that()
            .resideInAPackage("io.holdfast.internal.telemetry..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                "java.util.concurrent..", "org.slf4j..", "io.holdfast.internal.driver..")
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(Thread.class));
  }

  @Test
  void decisionsDoNotKnowWhoCarriesThemOut() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackages("io.holdfast.internal.driver..", PUBLIC)
            .and()
            .doNotHaveFullyQualifiedName(READY_MADE)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.holdfast.internal.driver.."));
    check(
        noClasses()
            .that()
            .resideInAnyPackage(PURE)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.holdfast.internal.retry..", "io.holdfast.websocket.."));
    check(
        noClasses()
            .that()
            .resideInAPackage("io.holdfast.internal.machine..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.holdfast.internal.outbox..", "io.holdfast.internal.inbound.."));
  }

  @Test
  void theRoomsThatOthersImplementKnowNothingInternal() {
    check(
        noClasses()
            .that()
            .resideInAnyPackage(
                "io.holdfast.websocket..",
                "io.holdfast.transport..",
                "io.holdfast.network..",
                "io.holdfast.queue..")
            .and()
            .doNotHaveFullyQualifiedName(READY_MADE)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.holdfast.internal.."));
  }

  @Test
  void timeAndChanceComeFromTheirEdgeAlone() {
    check(
        noClasses()
            .that()
            .doNotHaveFullyQualifiedName("io.holdfast.internal.driver.SystemClock")
            .should()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(Math.class, "random")
            .orShould()
            .callMethod(Thread.class, "sleep", long.class));
  }

  @Test
  void nothingIsSynchronized() throws IOException {
    check(methods().should().notHaveModifier(SYNCHRONIZED));
    try (Stream<Path> sources = Files.walk(Path.of("src", "main", "java"))) {
      assertThat(sources.filter(Files::isRegularFile))
          .allSatisfy(file -> assertThat(Files.readString(file)).doesNotContain("synchronized ("));
    }
  }

  private static void check(ArchRule rule) {
    rule.check(CLASSES);
  }
}
