package io.holdfast.internal.driver;

import io.holdfast.Clock;
import io.holdfast.ConnectRequest;
import io.holdfast.ConnectionException;
import io.holdfast.ConnectionException.ConnectFailed;
import io.holdfast.ConnectionException.RequestFailed;
import io.holdfast.ConnectionException.RequestInvalid;
import io.holdfast.ConnectionException.RequestTimedOut;
import io.holdfast.RequestContext;
import io.holdfast.internal.Settings;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the app for an attempt's request, on an I/O thread and with a deadline, and takes the first
 * answer.
 */
final class RequestAsker {
  private static final Logger log = LoggerFactory.getLogger(RequestAsker.class);

  private final Settings.Requests requests;
  private final Executor io;
  private final Clock clock;
  private final @Nullable ProtocolRunner protocol;
  private final Executor mailbox;
  private final BiConsumer<TransportLink, ConnectRequest> supplied;

  // The mailbox owns it: what waits for an answer.
  private @Nullable Question open;

  /**
   * Makes one that asks nothing yet.
   *
   * @param supplied gets each request that is still wanted, on the mailbox
   */
  RequestAsker(
      Settings settings,
      @Nullable ProtocolRunner protocol,
      Executor mailbox,
      BiConsumer<TransportLink, ConnectRequest> supplied) {
    requests = settings.requests();
    io = settings.io();
    clock = settings.clock();
    this.protocol = protocol;
    this.mailbox = mailbox;
    this.supplied = supplied;
  }

  private static final class Question {
    private final TransportLink attempt;
    private Clock.@Nullable Timer deadline;
    private @Nullable CompletableFuture<?> future;
    // Not of the mailbox.
    private volatile boolean told;

    private Question(TransportLink attempt) {
      this.attempt = attempt;
    }
  }

  // ---- On the mailbox

  void ask(TransportLink attempt, RequestContext context) {
    Question question = new Question(attempt);
    open = question;
    Runnable late = () -> mailbox.execute(() -> timedOut(question));
    question.deadline = clock.schedule(late, requests.timeout().toNanos());
    try {
      io.execute(() -> call(question, context));
    } catch (RejectedExecutionException e) {
      fail(question, new ConnectFailed("the I/O executor has no thread for an attempt", e));
    }
  }

  /** The attempt is given up: no answer is wanted for it any more. */
  void cancel(TransportLink attempt) {
    if (open != null && open.attempt == attempt) end(open);
  }

  private void timedOut(Question question) {
    if (question == open) fail(question, new RequestTimedOut(requests.timeout()));
  }

  private void fail(Question question, ConnectionException cause) {
    end(question);
    question.attempt.failed(cause);
  }

  private void end(Question question) {
    open = null;
    if (question.deadline != null) question.deadline.stop();
    if (question.future != null) drop(question.future);
  }

  private void hold(Question question, CompletableFuture<?> future) {
    if (question == open) question.future = future;
    else drop(future);
  }

  // What depends on the future is the app's, and would run on the mailbox.
  private void drop(CompletableFuture<?> future) {
    try {
      io.execute(
          () -> {
            try {
              future.cancel(true);
            } catch (UnsupportedOperationException e) {
              // A stage that may only be read.
            }
          });
    } catch (RejectedExecutionException e) {
      log.debug("A request that is not wanted could not be cancelled", e);
    }
  }

  // An answer that is late, or a second one, belongs to no open question.
  private void answered(Question question, Answer answer) {
    if (question != open) return;
    question.future = null;
    Throwable thrown = answer.thrown;
    if (thrown != null) {
      fail(question, failure(thrown));
    } else if (answer.request == null) {
      fail(question, new RequestInvalid("the request supplier gave null", null));
    } else {
      end(question);
      supplied.accept(question.attempt, answer.request);
    }
  }

  private static ConnectionException failure(Throwable thrown) {
    if (thrown instanceof CancellationException) {
      return new RequestFailed("the request was cancelled", thrown);
    }
    // What it says may be secret; whoever wants it finds it as the cause.
    return new RequestFailed(
        "the request supplier threw " + thrown.getClass().getSimpleName(), thrown);
  }

  // ---- On an I/O thread, and where the app completes its stage

  private record Answer(@Nullable ConnectRequest request, @Nullable Throwable thrown) {}

  private void call(Question question, RequestContext context) {
    try {
      List<String> offered = protocol == null ? List.of() : protocol.subprotocols();
      @Nullable CompletionStage<ConnectRequest> stage = requests.supplier().get(context);
      if (stage == null) {
        tell(question, new Answer(null, null));
        return;
      }
      CompletionStage<?> unused =
          stage.whenComplete((request, thrown) -> tell(question, answer(request, thrown, offered)));
      if (!question.told && stage instanceof CompletableFuture<?> future) {
        mailbox.execute(() -> hold(question, future));
      }
    } catch (Exception | LinkageError | AssertionError e) {
      tell(question, new Answer(null, e));
    }
  }

  private static Answer answer(
      @Nullable ConnectRequest request, @Nullable Throwable thrown, List<String> offered) {
    if (thrown != null) return new Answer(null, unwrapped(thrown));
    if (request == null || offered.isEmpty()) return new Answer(request, null);
    try {
      return new Answer(request.withProtocols(offered), null);
    } catch (IllegalArgumentException e) {
      // The protocol offers what is no token.
      return new Answer(null, e);
    }
  }

  // A dependent stage wraps what its source threw.
  private static Throwable unwrapped(Throwable thrown) {
    Throwable cause = thrown.getCause();
    return thrown instanceof CompletionException && cause != null ? unwrapped(cause) : thrown;
  }

  private void tell(Question question, Answer answer) {
    question.told = true;
    mailbox.execute(() -> answered(question, answer));
  }
}
