namespace ServerlessMeta.Tests.Infra;

/// <summary>The deployment of somebody who wants topics, has producers and reads mail.</summary>
public sealed class StandardDeployment : Deployment
{
    public const string Producer = "33333333-3333-3333-3333-333333333333";

    protected override IEnumerable<string> More => ["param serviceBusSku = 'Standard'", $"param producerPrincipalId = '{Producer}'", "param alertEmail = 'ops@example.org'"];
}
