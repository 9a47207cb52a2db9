package dev.gangway.testkit;

/** How far a message that a client sends has come when something happens to the system. */
public enum Moment {
    /** It has not left. Where its connection survives the damage, the message goes on its way. */
    BEFORE_IT_IS_SENT,
    /** The server has the first half of its bytes, and never gets the second: the connection is cut. */
    HALF_WAY,
    /** The server has done what it says. The client never hears of that: the connection is cut. */
    BEFORE_ITS_ANSWER
}
