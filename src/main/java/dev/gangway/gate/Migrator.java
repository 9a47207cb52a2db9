package dev.gangway.gate;

import dev.gangway.GangwayException;
import dev.gangway.GangwayException.Code;
import dev.gangway.adopt.Adoption;
import dev.gangway.config.Settings;
import dev.gangway.config.Settings.Mode;
import dev.gangway.event.Events;
import dev.gangway.execute.Upgrade;
import dev.gangway.history.HistoryTable;
import dev.gangway.history.Precheck;
import dev.gangway.history.ServerFacts;
import dev.gangway.internal.ForeignCode;
import dev.gangway.leader.Leadership;
import dev.gangway.leader.Waiting;
import dev.gangway.pgjdbc.Connections;
import dev.gangway.pgjdbc.Endpoint;
import dev.gangway.pgjdbc.SqlStates;
import dev.gangway.pgjdbc.Target;
import dev.gangway.plan.Files;
import dev.gangway.plan.Plan;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a target up to date that was found with something pending: as the leader of the fleet, or by waiting for the one
 * who is. Used by one thread at a time.
 */
final class Migrator {
    private static final Logger LOG = LoggerFactory.getLogger(Migrator.class);

    private final Settings settings;
    private final Endpoint application;
    private final Target target;
    private final HistoryTable table;
    private final Files files;
    private final ServerFacts facts;
    private final Leadership leadership;

    /**
     * @param table with a schema, unless the session has none
     * @param facts what the application's own connection said
     * @param plan  what was found pending
     * @param events tells listeners what happens
     */
    Migrator(
            Settings settings,
            Endpoint application,
            HistoryTable table,
            Files files,
            ServerFacts facts,
            Plan plan,
            Events events)
            throws SQLException {
        this.settings = settings;
        this.application = application;
        this.target = application.target();
        this.table = table;
        this.files = files;
        this.facts = facts;
        if (ForeignCode.isRunningFor(target.toString())) {
            throw calledFromWithin(target);
        }
        this.leadership = new Leadership(settings, application, table, facts, events);
        if (settings.mode() == Mode.VALIDATE) {
            throw notCurrent(plan);
        }
        if (!plan.isCurrent()) {
            LOG.info("{} - {}", target, plan.summary());
        }
    }

    private GangwayException.Permanent notCurrent(Plan plan) throws SQLException {
        String foreign = foreignHistory();
        if (foreign != null) {
            return new GangwayException.Permanent(Code.HISTORY_MISMATCH, """
                    The schema has no history of Gangway's but the table %s of another migration tool, and\
                     gangway.mode=validate takes nothing over.
                      next: start a process that has gangway.mode=migrate: it takes that history over and applies what is\
                     pending then; then connect again""".formatted(foreign));
        }
        return new GangwayException.Permanent(Code.HISTORY_MISMATCH, """
                The schema is not current and gangway.mode=validate applies nothing: %s.
                  next: apply them with a process that has gangway.mode=migrate, then connect again""".formatted(plan.summary()));
    }

    private @Nullable String foreignHistory() throws SQLException {
        Connection connection = application.connect();
        try {
            return Adoption.announced(connection, table, settings);
        } finally {
            Connections.close(connection);
        }
    }

    /** {@return the refusal of a connection that would have to wait for the code that asks for it} */
    static SQLException calledFromWithin(Target target) {
        return new SQLNonTransientConnectionException(
                "A migration of %s in Java, or a listener, has asked for a connection to it, for which it would have to wait until it has returned itself.\n  next: let the migration use the connection that it is given, and a listener connect later, on a thread of its own"
                        .formatted(target),
                "08004");
    }

    /** {@return the refusal of a schema that was brought up to date, but whose history does not say so any more} */
    static GangwayException.Permanent notRecorded(HistoryTable table, Plan left) {
        return new GangwayException.Permanent(
                Code.HISTORY_MISMATCH, """
                All pending migrations were applied, but the history %s says that there is something pending still: %s.
                  database: migrated
                  next:     see whether something else writes to that table, such as a trigger or another tool, and connect\
                 again""".formatted(table.historyName(), left.summary()));
    }

    /** Returns when nothing is pending any more where migrations are applied. */
    void bringUpToDate() throws SQLException {
        if (settings.mode() == Mode.WAIT) {
            awaitOthers(Code.WAIT_TIMED_OUT);
        } else if (facts.standby() && !primaryMayBeReached()) {
            awaitOthers(Code.READ_ONLY_SERVER);
        } else {
            leadership.leadUnlessCurrent(files.fingerprint(), new Upgrade(settings, files)::run);
        }
    }

    /** Returns when the server that the application connects to has seen what was applied on the primary. */
    void awaitReplay() throws SQLException {
        awaitOthers(facts.standby() ? Code.READ_ONLY_SERVER : Code.WAIT_TIMED_OUT);
    }

    private boolean primaryMayBeReached() {
        return settings.migrationUrl() != null || target.hasSeveralHosts();
    }

    /** Waits, without a connection in between, until the server that the application uses is up to date. */
    private void awaitOthers(Code onTimeout) throws SQLException {
        Waiting waiting = leadership.waiting();
        LOG.info(
                "{} - {}",
                target,
                onTimeout == Code.READ_ONLY_SERVER
                        ? "this server is a standby; waiting until the primary has been migrated and it has followed"
                        : "waiting until another process has migrated (gangway.mode=" + settings.mode() + ")");
        waiting.begin(
                onTimeout == Code.READ_ONLY_SERVER
                        ? "waiting until the primary has been migrated and this standby has followed"
                        : "waiting for another process to migrate");
        while (true) {
            waiting.pause(onTimeout);
            Connection connection = null;
            try {
                connection = application.connect();
                if (Precheck.isCurrent(connection, table, files.fingerprint())) {
                    return;
                }
                if (waiting.isTimeForAThoroughLook()) {
                    Precheck check = Precheck.ask(connection, table, files.fingerprint());
                    if (check.current() || files.plan(check.history()).isCurrent()) {
                        return;
                    }
                    waiting.tellWhoLeads(connection);
                }
            } catch (SQLException e) {
                if (!SqlStates.connectionLost(e)) {
                    throw e;
                }
                waiting.tell("the server cannot be reached just now: " + e.getMessage());
            } finally {
                Connections.close(connection);
            }
        }
    }
}
