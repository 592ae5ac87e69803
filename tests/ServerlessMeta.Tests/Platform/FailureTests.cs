using ServerlessMeta.Mlflow.Wire;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Tests.Platform;

public sealed class FailureTests
{
    public static TheoryData<string> Kinds => [.. typeof(Failure).GetNestedTypes().Select(static type => type.Name)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_failure_has_its_words_in_both_dialects(string kind)
    {
        var type = typeof(Failure).GetNestedType(kind)!;
        var failure = (Failure)Activator.CreateInstance(type, [.. type.GetConstructors()[0].GetParameters().Select(static parameter =>
            parameter.ParameterType == typeof(string) ? "x"
            : parameter.ParameterType == typeof(IReadOnlyList<ParamChange>) ? (object)new[] { new ParamChange("k", "a", "b") }
            : parameter.ParameterType == typeof(IReadOnlyList<string>) ? new[] { "x" }
            : Activator.CreateInstance(parameter.ParameterType)!)])!;

        Assert.InRange(MlflowError.From(failure).Status, 400, 500);
        Assert.InRange(Problems.Of(failure).Status, 400, 500);
    }
}
