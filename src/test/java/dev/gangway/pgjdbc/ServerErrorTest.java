package dev.gangway.pgjdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

class ServerErrorTest {

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "COPY item, line 3, column id: \"x\" | 3",
                "COPY item2, Zeile 12345, Spalte id: »x 7« | 12345",
                "COPY item, ligne 3 | 3",
                "PL/pgSQL function f() line 9 at RAISE\\nCOPY item, line 3: \"x\" | 3",
                "PL/pgSQL function f() line 9 at RAISE | 0",
                "COPY item | 0",
            })
    void theLineOfTheDataIsFoundInAnyLanguage(String where, int line) {
        SQLException error = new PSQLException(
                new ServerErrorMessage("SERROR\0C22P02\0Mno number\0W" + where.replace("\\n", "\n") + "\0\0"));

        assertThat(ServerError.copyLine(error)).isEqualTo(line);
    }

    @Test
    void anErrorOfAnotherOriginHasNone() {
        assertThat(ServerError.copyLine(new SQLException("COPY item, line 3"))).isZero();
    }
}
