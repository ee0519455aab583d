package io.holdfast.benchmarks.journal;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;

/**
 * A table in SQLite with {@code journal_mode=WAL} and {@code synchronous=FULL}, all else as it is:
 * each transaction syncs the log, and every 1,000 pages of it are put into the database, which
 * syncs both. A transaction has as many inserts as are in flight.
 */
final class Sqlite implements Keeper {
  private static final String INSERT = "INSERT INTO records (number, record) VALUES (?, ?)";

  private static Connection open(Path directory) throws Exception {
    Files.createDirectories(directory);
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(JournalMode.WAL);
    config.setSynchronous(SynchronousMode.FULL);
    Connection connection = config.createConnection("jdbc:sqlite:" + directory.resolve("sqlite"));
    connection.setAutoCommit(false);
    return connection;
  }

  private static void createTable(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE records (number INTEGER PRIMARY KEY, record BLOB NOT NULL)");
    }
    connection.commit();
  }

  private static void insert(Connection connection, PreparedStatement insert, long first, int count)
      throws SQLException {
    for (long number = first; number < first + count; number++) {
      insert.setLong(1, number);
      insert.setBytes(2, Keeper.record(number));
      insert.executeUpdate();
    }
    connection.commit();
  }

  @Override
  public Appended append(Path directory, int inFlight, long nanos) throws Exception {
    try (Connection connection = open(directory)) {
      createTable(connection);
      try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
        return Keeper.appendInTurn(
            inFlight, nanos, (first, count) -> insert(connection, insert, first, count));
      }
    }
  }

  @Override
  public void fill(Path directory, int records) throws Exception {
    try (Connection connection = open(directory)) {
      createTable(connection);
      try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
        insert(connection, insert, 0, records);
      }
    }
  }

  @Override
  public int readAll(Path directory) throws Exception {
    int records = 0;
    try (Connection connection = open(directory);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT record FROM records ORDER BY number")) {
      while (rows.next()) {
        if (rows.getBytes(1).length == RECORD_BYTES) records++;
      }
    }
    return records;
  }
}
