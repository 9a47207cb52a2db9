package dev.gangway.agent;

import java.util.function.UnaryOperator;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.Label;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;
import org.jspecify.annotations.Nullable;

/**
 * Changes the class file of pgjdbc's driver: {@code connect(String, Properties)} begins with {@link GatedConnect}, and {@code
 * register()} registers with {@link ForgetTargets}. What is written into it names classes of the JDK only, because pgjdbc's
 * class loader may know neither the agent nor the system class loader. Nothing is caught there: a migration that fails comes
 * out of {@code connect}.
 *
 * <p>Done with ByteBuddy's copy of ASM. ByteBuddy's own advices would load 750 classes for it, which takes longer than all
 * else that an application's first connection does. Public because it is used from another class loader; not thread-safe.
 */
public final class DriverWeaver implements UnaryOperator<byte[]> {
    private static final int ASM = Opcodes.ASM9;
    private static final String CONNECT = "(Ljava/lang/String;Ljava/util/Properties;)Ljava/sql/Connection;";

    private int changes;

    /** Made by name. */
    public DriverWeaver() {}

    /** {@return the class file of a driver that asks the gate} */
    @Override
    public byte[] apply(byte[] driver) {
        ClassReader reader = new ClassReader(driver);
        ClassWriter writer = new ClassWriter(reader, ClassWriter.COMPUTE_MAXS);
        changes = 0;
        reader.accept(new Changes(writer, Type.getObjectType(reader.getClassName())), 0);
        if (changes != 2) {
            throw new IllegalStateException("not a driver of a known kind");
        }
        return writer.toByteArray();
    }

    private final class Changes extends ClassVisitor {
        private final Type driver;

        Changes(ClassVisitor next, Type driver) {
            super(ASM, next);
            this.driver = driver;
        }

        @Override
        public MethodVisitor visitMethod(
                int access,
                String name,
                String descriptor,
                @Nullable String signature,
                String @Nullable [] exceptions) {
            MethodVisitor method = super.visitMethod(access, name, descriptor, signature, exceptions);
            if (name.equals("connect") && descriptor.equals(CONNECT)) {
                return new Connect(method, driver);
            }
            return name.equals("register") && descriptor.equals("()V") ? new Register(method, driver) : method;
        }
    }

    /** {@code Connection gated = new GatedConnect(Driver.class, this, url, info).call(); if (gated != null) return gated;} */
    private final class Connect extends MethodVisitor {
        private final Type driver;

        Connect(MethodVisitor next, Type driver) {
            super(ASM, next);
            this.driver = driver;
        }

        @Override
        public void visitCode() {
            super.visitCode();
            make(this, "dev.gangway.agent.GatedConnect", driver, 3);
            visitTypeInsn(Opcodes.CHECKCAST, "java/util/concurrent/Callable");
            visitMethodInsn(
                    Opcodes.INVOKEINTERFACE, "java/util/concurrent/Callable", "call", "()Ljava/lang/Object;", true);
            visitTypeInsn(Opcodes.CHECKCAST, "java/sql/Connection");
            visitInsn(Opcodes.DUP);
            Label byItself = new Label();
            visitJumpInsn(Opcodes.IFNULL, byItself);
            visitInsn(Opcodes.ARETURN);
            visitLabel(byItself);
            visitFrame(Opcodes.F_SAME1, 0, null, 1, new Object[] {"java/sql/Connection"});
            visitInsn(Opcodes.POP);
            changes++;
        }
    }

    /** {@code DriverManager.registerDriver(driver, new ForgetTargets(Driver.class))}. */
    private final class Register extends MethodVisitor {
        private final Type driver;

        Register(MethodVisitor next, Type driver) {
            super(ASM, next);
            this.driver = driver;
        }

        @Override
        public void visitMethodInsn(int opcode, String owner, String name, String descriptor, boolean isInterface) {
            if (!name.equals("registerDriver") || !descriptor.equals("(Ljava/sql/Driver;)V")) {
                super.visitMethodInsn(opcode, owner, name, descriptor, isInterface);
                return;
            }
            make(this, "dev.gangway.agent.ForgetTargets", driver, 0);
            visitTypeInsn(Opcodes.CHECKCAST, "java/sql/DriverAction");
            super.visitMethodInsn(opcode, owner, name, "(Ljava/sql/Driver;Ljava/sql/DriverAction;)V", isInterface);
            changes++;
        }
    }

    /**
     * Calls the only constructor of a class of the system class loader's, by name, with the driver's class and then the first
     * local variables.
     */
    private static void make(MethodVisitor code, String name, Type driver, int variables) {
        code.visitLdcInsn(name);
        code.visitInsn(Opcodes.ICONST_1);
        code.visitMethodInsn(
                Opcodes.INVOKESTATIC,
                "java/lang/ClassLoader",
                "getSystemClassLoader",
                "()Ljava/lang/ClassLoader;",
                false);
        code.visitMethodInsn(
                Opcodes.INVOKESTATIC,
                "java/lang/Class",
                "forName",
                "(Ljava/lang/String;ZLjava/lang/ClassLoader;)Ljava/lang/Class;",
                false);
        code.visitMethodInsn(
                Opcodes.INVOKEVIRTUAL,
                "java/lang/Class",
                "getConstructors",
                "()[Ljava/lang/reflect/Constructor;",
                false);
        code.visitInsn(Opcodes.ICONST_0);
        code.visitInsn(Opcodes.AALOAD);
        code.visitIntInsn(Opcodes.BIPUSH, 1 + variables);
        code.visitTypeInsn(Opcodes.ANEWARRAY, "java/lang/Object");
        code.visitInsn(Opcodes.DUP);
        code.visitInsn(Opcodes.ICONST_0);
        code.visitLdcInsn(driver);
        code.visitInsn(Opcodes.AASTORE);
        for (int i = 0; i < variables; i++) {
            code.visitInsn(Opcodes.DUP);
            code.visitIntInsn(Opcodes.BIPUSH, 1 + i);
            code.visitVarInsn(Opcodes.ALOAD, i);
            code.visitInsn(Opcodes.AASTORE);
        }
        code.visitMethodInsn(
                Opcodes.INVOKEVIRTUAL,
                "java/lang/reflect/Constructor",
                "newInstance",
                "([Ljava/lang/Object;)Ljava/lang/Object;",
                false);
    }
}
