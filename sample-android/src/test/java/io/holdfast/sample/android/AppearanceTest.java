package io.holdfast.sample.android;

import static org.assertj.core.api.Assertions.assertThat;

import android.content.Context;
import android.graphics.Color;
import android.os.Build;
import android.util.TypedValue;
import android.view.View;
import android.view.ViewGroup;
import android.widget.Button;
import android.widget.EditText;
import android.widget.TextView;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.annotation.Config;
import org.robolectric.shadow.api.Shadow;
import org.robolectric.shadows.ShadowActivity;

/** Words, labels and colours. */
@RunWith(RobolectricTestRunner.class)
@Config(sdk = {26, 35})
public final class AppearanceTest {
  private static final int[] COLOURS = {
    R.color.accent, R.color.good, R.color.pending, R.color.bad, R.color.neutral
  };

  @Test
  public void eachInputHasALabelAndEachButtonAText() {
    try (Phone phone = Phone.online()) {
      List<View> views = all(phone.view(android.R.id.content));
      List<Integer> labelled = views.stream().map(View::getLabelFor).toList();

      assertThat(views).filteredOn(EditText.class::isInstance).hasSize(2);
      assertThat(views)
          .filteredOn(EditText.class::isInstance)
          .allSatisfy(input -> assertThat(labelled).contains(input.getId()));
      assertThat(views).filteredOn(Button.class::isInstance).hasSize(4);
      assertThat(views)
          .filteredOn(Button.class::isInstance)
          .allSatisfy(button -> assertThat(((Button) button).getText()).isNotEmpty());
    }
  }

  @Test
  public void aScreenReaderTellsEachChangeOfTheState() {
    try (Phone phone = Phone.online()) {
      assertThat(phone.view(R.id.state).getAccessibilityLiveRegion())
          .isEqualTo(View.ACCESSIBILITY_LIVE_REGION_POLITE);
    }
  }

  @Test
  public void theStateHasAColour() {
    try (Phone phone = Phone.online()) {
      TextView state = (TextView) phone.view(R.id.state);

      assertThat(state.getCompoundDrawableTintList().getDefaultColor())
          .isEqualTo(phone.activity().getColor(R.color.neutral));
    }
  }

  @Test
  public void eachColourIsLegibleByDay() {
    try (Phone phone = Phone.online()) {
      assertLegible(phone.activity());
    }
  }

  @Test
  @Config(qualifiers = "+night")
  public void eachColourIsLegibleByNight() {
    try (Phone phone = Phone.online()) {
      assertThat(luminance(background(phone.activity()))).isLessThan(0.1);
      assertLegible(phone.activity());
    }
  }

  @Test
  @Config(qualifiers = "+land")
  public void onItsSideItStillHasAllThatItHasUpright() {
    try (Phone phone = Phone.online()) {
      assertThat(phone.text(R.id.state)).isEqualTo("Not connected");
      assertThat(phone.view(R.id.messages)).isNotNull();
      assertThat(phone.view(R.id.send)).isNotNull();
    }
  }

  @Test
  public void asksForNotificationsWhereAPermissionIsNeeded() {
    try (Phone phone = Phone.offline()) {
      phone.connect(URI.create("ws://127.0.0.1:9/"));

      ShadowActivity asked = Shadow.extract(phone.activity());
      if (Build.VERSION.SDK_INT < 33) {
        assertThat(asked.getLastRequestedPermission()).isNull();
      } else {
        assertThat(asked.getLastRequestedPermission().requestedPermissions)
            .containsExactly("android.permission.POST_NOTIFICATIONS");
      }
    }
  }

  // WCAG 2.1, success criterion 1.4.3, level AA.
  private static void assertLegible(Context context) {
    double background = luminance(background(context));
    for (int colour : COLOURS) {
      double foreground = luminance(context.getColor(colour));
      double lighter = Math.max(background, foreground) + 0.05;
      double darker = Math.min(background, foreground) + 0.05;
      assertThat(lighter / darker)
          .as(context.getResources().getResourceName(colour))
          .isGreaterThanOrEqualTo(4.5);
    }
  }

  private static int background(Context context) {
    TypedValue found = new TypedValue();
    context.getTheme().resolveAttribute(android.R.attr.colorBackground, found, true);
    return found.resourceId == 0 ? found.data : context.getColor(found.resourceId);
  }

  private static double luminance(int colour) {
    return Color.luminance(colour);
  }

  private static List<View> all(View root) {
    List<View> views = new ArrayList<>(List.of(root));
    if (root instanceof ViewGroup group) {
      for (int i = 0; i < group.getChildCount(); i++) views.addAll(all(group.getChildAt(i)));
    }
    return views;
  }
}
