package io.holdfast.sample.android;

import android.graphics.Bitmap;
import android.graphics.Canvas;
import android.view.View;
import io.holdfast.testkit.TestServer;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.annotation.Config;
import org.robolectric.annotation.GraphicsMode;

/**
 * Draws the screen to target/pictures, for people to look at; only with the profile {@code
 * pictures}.
 */
@RunWith(RobolectricTestRunner.class)
@Config(sdk = 35, qualifiers = "w411dp-h891dp-xhdpi")
@GraphicsMode(GraphicsMode.Mode.NATIVE)
public final class PicturesTest {
  @Test
  public void byDay() throws IOException {
    draw("day");
  }

  @Test
  @Config(qualifiers = "+night")
  public void byNight() throws IOException {
    draw("night");
  }

  @Test
  @Config(qualifiers = "w891dp-h411dp-land-xhdpi")
  public void onItsSide() throws IOException {
    draw("land");
  }

  private static void draw(String name) throws IOException {
    TestServer server = TestServer.start();
    server.echo();
    try (Phone phone = Phone.online()) {
      picture(phone, name + "-idle");
      phone.connect(Phone.named(server.url()));
      phone.awaitState("Connected");
      phone.send("Good morning from the train");
      phone.awaitLines(
          "Sent: Good morning from the train. confirmed", "Received: Good morning from the train");
      phone.await("time", () -> !phone.text(R.id.round_trip).contains("not measured"));
      picture(phone, name + "-open");
      server.stop();
      phone.awaitState("Waiting to reconnect");
      phone.send("And from the tunnel");
      phone.await("queue", () -> phone.text(R.id.queue).startsWith("Queue: 1"));
      picture(phone, name + "-waiting");
      server.startAgain();
      phone.tap(R.id.reconnect_now);
      phone.awaitState("Connected");
    } finally {
      server.close();
    }
  }

  private static void picture(Phone phone, String name) throws IOException {
    View screen = phone.activity().getWindow().getDecorView();
    Bitmap bitmap =
        Bitmap.createBitmap(screen.getWidth(), screen.getHeight(), Bitmap.Config.ARGB_8888);
    screen.draw(new Canvas(bitmap));
    Path file = Path.of("target", "pictures", name + ".png");
    Files.createDirectories(file.getParent());
    try (OutputStream out = Files.newOutputStream(file)) {
      bitmap.compress(Bitmap.CompressFormat.PNG, 100, out);
    }
  }
}
