package io.holdfast.sample.android;

import android.content.Context;
import android.content.res.Resources;
import android.view.Gravity;
import android.view.LayoutInflater;
import android.view.View;
import android.view.ViewGroup;
import android.widget.BaseAdapter;
import android.widget.TextView;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Shows messages in a list: ours at its end, the peer's at its start. */
final class LineAdapter extends BaseAdapter {
  private final Context context;
  private List<Line> lines = List.of();

  LineAdapter(Context context) {
    this.context = context;
  }

  void show(List<Line> lines) {
    if (lines.equals(this.lines)) return;
    this.lines = lines;
    notifyDataSetChanged();
  }

  @Override
  public int getCount() {
    return lines.size();
  }

  @Override
  public Line getItem(int position) {
    return lines.get(position);
  }

  @Override
  public long getItemId(int position) {
    return lines.get(position).id();
  }

  @Override
  public boolean hasStableIds() {
    return true;
  }

  @Override
  public View getView(int position, @Nullable View recycled, ViewGroup list) {
    View row =
        recycled != null
            ? recycled
            : LayoutInflater.from(context).inflate(R.layout.line, list, false);
    show(lines.get(position), row);
    return row;
  }

  private void show(Line line, View row) {
    Resources resources = context.getResources();
    TextView text = row.findViewById(R.id.text);
    TextView fate = row.findViewById(R.id.fate);
    text.setText(line.text());
    text.setGravity(line.sent() ? Gravity.END : Gravity.START);
    fate.setGravity(Gravity.END);
    fate.setVisibility(line.sent() ? View.VISIBLE : View.GONE);
    if (line.sent()) {
      FateWords shown = FateWords.of(line.fate());
      String words = resources.getString(shown.words());
      fate.setText(words);
      fate.setTextColor(context.getColor(shown.colour()));
      row.setContentDescription(resources.getString(R.string.sent_line, line.text(), words));
    } else {
      row.setContentDescription(resources.getString(R.string.received_line, line.text()));
    }
  }
}
