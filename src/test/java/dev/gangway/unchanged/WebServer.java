package dev.gangway.unchanged;

import java.lang.management.ManagementFactory;
import java.util.Set;
import javax.management.ObjectName;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.startup.Tomcat;

/** Tomcat, in which one application is deployed and undeployed, and then another one like it. */
public final class WebServer {
    private WebServer() {}

    /** @param args the folders of Tomcat and of the application, and the URLs of the databases */
    public static void main(String[] args) throws Exception {
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir(args[0]);
        tomcat.getHost();
        tomcat.start();
        for (int i = 2; i < args.length; i++) {
            StandardContext context = new StandardContext();
            context.setName("/application" + i);
            context.setPath("/application" + i);
            context.setDocBase(args[1]);
            context.addLifecycleListener(new Tomcat.FixContextListener());
            context.addParameter("url", args[i]);
            context.addApplicationListener("dev.gangway.unchanged.WebListener");
            tomcat.getHost().addChild(context);
            // Registered on a thread of its own.
            while (gates().isEmpty()) {
                Thread.onSpinWait();
            }
            tomcat.getHost().removeChild(context);
            System.out.println("gates that are left: " + gates());
        }
        tomcat.stop();
        tomcat.destroy();
    }

    private static Set<ObjectName> gates() throws Exception {
        return ManagementFactory.getPlatformMBeanServer().queryNames(new ObjectName("dev.gangway:*"), null);
    }
}
