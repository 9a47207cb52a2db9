package dev.gangway.torture;

import dev.gangway.testkit.Damage;
import dev.gangway.testkit.Moment;
import dev.gangway.testkit.TcpProxy;
import java.sql.SQLException;
import java.util.List;

/** What dies. */
enum Blow {
    /** The connection on which the message travels. */
    ONE_CONNECTION(Moment.values()) {
        @Override
        void strike(TcpProxy proxy, Damage.Hit hit, Specimen database, Victim victim) {
            Damage.ONE_CONNECTION.strike(proxy, hit);
        }
    },
    /** The network between the process and the server, for good. */
    WHOLE_NETWORK(Moment.values()) {
        @Override
        void strike(TcpProxy proxy, Damage.Hit hit, Specimen database, Victim victim) {
            Damage.WHOLE_NETWORK.strike(proxy, hit);
        }
    },
    /** The session on which the message travels, as an administrator ends it. */
    TERMINATE_SESSION {
        @Override
        void strike(TcpProxy proxy, Damage.Hit hit, Specimen database, Victim victim) throws SQLException {
            database.terminate("client_port = " + hit.clientPort());
        }
    },
    /** All sessions of the database, that of the leader's lock among them. */
    TERMINATE_ALL_SESSIONS {
        @Override
        void strike(TcpProxy proxy, Damage.Hit hit, Specimen database, Victim victim) throws SQLException {
            database.terminate("true");
        }
    },
    /** The server's process on whose connection the message travels; the server then ends all others and recovers. */
    KILL_BACKEND {
        @Override
        void strike(TcpProxy proxy, Damage.Hit hit, Specimen database, Victim victim) throws SQLException {
            database.arena().kill(database.backend(hit.clientPort()));
        }
    },
    /** The server, which is started again at once. */
    CRASH_SERVER {
        @Override
        void strike(TcpProxy proxy, Damage.Hit hit, Specimen database, Victim victim) {
            database.arena().crash();
        }
    },
    /** The application's process. A message that has not left it yet is taken for one that has: it goes on its way. */
    KILL_PROCESS {
        @Override
        void strike(TcpProxy proxy, Damage.Hit hit, Specimen database, Victim victim) {
            victim.kill();
        }
    },
    /** The application's process and the server. */
    KILL_PROCESS_AND_SERVER(Moment.BEFORE_ITS_ANSWER) {
        @Override
        void strike(TcpProxy proxy, Damage.Hit hit, Specimen database, Victim victim) {
            victim.kill();
            database.arena().crash();
        }
    };

    @SuppressWarnings("ImmutableEnumChecker") // List.of is
    private final List<Moment> moments;

    Blow(Moment... moments) {
        this.moments =
                moments.length == 0 ? List.of(Moment.BEFORE_IT_IS_SENT, Moment.BEFORE_ITS_ANSWER) : List.of(moments);
    }

    /** The moments at which it makes a difference. */
    List<Moment> moments() {
        return moments;
    }

    boolean killsProcess() {
        return this == KILL_PROCESS || this == KILL_PROCESS_AND_SERVER;
    }

    /** Whether the process that was struck can still come to an end of its own that matters. */
    boolean processSurvives() {
        return !killsProcess() && this != WHOLE_NETWORK;
    }

    abstract void strike(TcpProxy proxy, Damage.Hit hit, Specimen database, Victim victim) throws SQLException;
}
