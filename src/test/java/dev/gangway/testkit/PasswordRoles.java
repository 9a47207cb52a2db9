package dev.gangway.testkit;

/** Roles that have to give a password on a {@link LocalPostgres}, which trusts everybody else. */
final class PasswordRoles {

    /** The group that pg_hba.conf asks for a password. */
    static final String GROUP = "password_required";

    private PasswordRoles() {}

    /** The SQL that creates a role of the group, and the group. */
    static String create(String role, String password) {
        return """
                do $$ begin
                    create role %1$s;
                exception when duplicate_object or unique_violation then null;
                end $$;
                create role %2$s login password '%3$s' in role %1$s
                """.formatted(GROUP, role, password.replace("'", "''"));
    }
}
