package dev.gangway.sql;

/** What to do about a psql command in a script. */
final class PsqlCommands {
    private PsqlCommands() {}

    /**
     * {@return the error to throw}
     *
     * @param backslash the offset of the command's backslash
     */
    static SqlSyntaxException refuse(SourceText source, int backslash) {
        String command = command(source.text(), backslash);
        String problem = command.equals("\\.")
                ? "There is no COPY … FROM STDIN whose data this \\. could end. Remove the line, or put the COPY statement in"
                        + " front of its data."
                : command.equals("\\")
                        ? "A backslash outside of a string is not SQL. Remove it; in a string with backslash escapes write"
                                + " E'…'."
                        : command + " is a command of psql, not SQL. " + advice(command);
        return new SqlSyntaxException(source.positionAt(backslash), problem);
    }

    private static String command(String text, int backslash) {
        int end = backslash + 1;
        while (end < text.length() && isLetter(text.charAt(end))) {
            end++;
        }
        boolean symbol = end == backslash + 1 && end < text.length() && ".;!?:".indexOf(text.charAt(end)) >= 0;
        return text.substring(backslash, symbol ? end + 1 : end);
    }

    static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    }

    private static String advice(String command) {
        return switch (command) {
            case "\\c", "\\connect" -> "Remove the line: scripts run on the database that the JDBC URL names.";
            case "\\i", "\\ir", "\\include", "\\include_relative" ->
                "Put that file's SQL here, or make it a migration of its own.";
            case "\\set", "\\unset", "\\getenv", "\\gset" ->
                "Use a placeholder instead: ${NAME}, with its value in the setting gangway.placeholders.NAME.";
            case "\\if", "\\elif", "\\else", "\\endif" -> "Use a DO block.";
            case "\\restrict", "\\unrestrict" -> "pg_dump writes it for psql alone; remove the line.";
            case "\\gexec" -> "Use a DO block with EXECUTE.";
            case "\\g", "\\;" -> "End the statement with a plain ;.";
            default -> "Remove the line; nothing in a migration needs it.";
        };
    }
}
