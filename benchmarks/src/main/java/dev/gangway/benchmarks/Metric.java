package dev.gangway.benchmarks;

/** How near two vectors are: pgvector's operator, and what an index is built with for it. */
enum Metric {
    COSINE("<=>", "cosine_ops"),
    L2("<->", "l2_ops");

    private final String operator;
    private final String operatorClass;

    Metric(String operator, String operatorClass) {
        this.operator = operator;
        this.operatorClass = operatorClass;
    }

    String operator() {
        return operator;
    }

    /** @param type of the column: {@code vector} or {@code halfvec} */
    String operatorClass(String type) {
        return type + "_" + operatorClass;
    }
}
