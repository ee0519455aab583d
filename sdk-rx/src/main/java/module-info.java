/** A managed connection as RxJava 3 streams. */
module io.holdfast.rx {
  requires transitive io.holdfast;
  requires transitive io.reactivex.rxjava3;
  requires static transitive org.jspecify;

  exports io.holdfast.rx;
}
