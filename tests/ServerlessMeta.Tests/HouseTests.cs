namespace ServerlessMeta.Tests;

public sealed class HouseTests
{
    [Fact]
    public void Placeholder_until_the_first_feature() => Assert.NotNull(typeof(HouseTests).Assembly);
}
