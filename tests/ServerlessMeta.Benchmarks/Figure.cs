namespace ServerlessMeta.Benchmarks;

/// <summary>One line of the table. <paramref name="Mlflow"/> is what MLflow 3.11 itself does (gunicorn, SQLite, 2 cores), for orientation.</summary>
internal sealed record Figure(string Name, string Unit, double Goal, double Measured, bool HigherIsBetter, string Mlflow = "", string Note = "")
{
    /// <summary>1 when the goal is just met, more when it is exceeded.</summary>
    public double Ratio => HigherIsBetter ? Measured / Goal
        : Measured <= Goal ? Math.Max(1, Goal / Math.Max(Measured, double.Epsilon))
        : Goal / Measured;

    public string Group { get; init; } = "";

    public string Verdict => Ratio >= 1 ? "ok" : Ratio >= 0.5 ? "under goal" : "under half";

    public static Figure AtLeast(string name, double goal, double measured, string unit, string mlflow = "", string note = "") =>
        new(name, unit, goal, measured, HigherIsBetter: true, mlflow, note);

    public static Figure AtMost(string name, double goal, double measured, string unit, string mlflow = "", string note = "") =>
        new(name, unit, goal, measured, HigherIsBetter: false, mlflow, note);
}
