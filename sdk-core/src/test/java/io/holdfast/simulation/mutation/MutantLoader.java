package io.holdfast.simulation.mutation;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/** Loads code under test and simulation anew, with a mutant's classes in place of the real ones. */
final class MutantLoader extends ClassLoader {
  private static final String OURS = "io.holdfast.";

  private final Mutant mutant;

  MutantLoader(Mutant mutant) {
    super(MutantLoader.class.getClassLoader());
    this.mutant = mutant;
  }

  /** Returns the simulation's entry: takes a seed, throws if a judge objects. */
  MethodHandle check() {
    try {
      return MethodHandles.publicLookup()
          .findStatic(
              loadClass("io.holdfast.simulation.Seeds"),
              "check",
              MethodType.methodType(void.class, long.class));
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(e.getMessage(), e);
    }
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!name.startsWith(OURS)) return super.loadClass(name, resolve);
    // The JDK's own lock for this name; no class of ours is loaded by a thread that holds another.
    Class<?> loaded = findLoadedClass(name);
    return loaded != null ? loaded : define(name);
  }

  private Class<?> define(String name) throws ClassNotFoundException {
    byte[] file = mutant.classFiles().get(name);
    if (file == null) file = original(name);
    return defineClass(name, file, 0, file.length);
  }

  private byte[] original(String name) throws ClassNotFoundException {
    String path = name.replace('.', '/') + ".class";
    try (InputStream stream = getParent().getResourceAsStream(path)) {
      if (stream == null) throw new ClassNotFoundException(name);
      return stream.readAllBytes();
    } catch (IOException e) {
      throw new ClassNotFoundException(name, e);
    }
  }
}
