package dev.gangway.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * The first class in a {@link ChildJvm}: runs the wanted one, and ends the JVM at once when its standard input closes,
 * which is when the parent ends.
 */
public final class ChildMain {

    private static final LinkedBlockingQueue<String> LINES = new LinkedBlockingQueue<>();

    private ChildMain() {}

    /** In the child: waits for the next line that the parent {@linkplain ChildJvm#send sends}. */
    public static String nextLine() throws InterruptedException {
        return LINES.take();
    }

    /** @param args the name of the class with the real main method, and that method's arguments */
    public static void main(String[] args) throws ReflectiveOperationException {
        Thread guard = new Thread(ChildMain::readUntilParentEnds, "parent-guard");
        guard.setDaemon(true);
        guard.start();
        try {
            Class.forName(args[0]).getMethod("main", String[].class).invoke(null, (Object)
                    Arrays.copyOfRange(args, 1, args.length));
        } catch (InvocationTargetException e) {
            Objects.requireNonNullElse(e.getCause(), e).printStackTrace();
            System.exit(1);
        }
    }

    private static void readUntilParentEnds() {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                LINES.add(line);
            }
        } catch (IOException e) {
            System.err.println("The pipe of the parent is broken: " + e.getMessage());
        }
        Runtime.getRuntime().halt(1);
    }
}
