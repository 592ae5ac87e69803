namespace ServerlessMeta.Policies;

public enum Comparator
{
    AtLeast,
    Above,
    AtMost,
    Below,
    Equal,
}
