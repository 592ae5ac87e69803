using System.Collections.Immutable;
using ServerlessMeta.Approvals;
using ServerlessMeta.Models;
using ServerlessMeta.Policies;
using ServerlessMeta.Verifications;

namespace ServerlessMeta.Ui.Models;

public sealed record VersionOverviewModel
{
    /// <summary>What the policy guards and says of the version now; null: of the past nothing is judged.</summary>
    public GatesView? Gates { get; init; }

    /// <summary>What was said of it, the last first.</summary>
    public required ImmutableArray<Approval> Approvals { get; init; }

    /// <summary>What stands of that.</summary>
    public required Standing Standing { get; init; }

    /// <summary>The last first.</summary>
    public required ImmutableArray<Verification> Verifications { get; init; }

    /// <summary>Null: it was registered before origins were kept.</summary>
    public ModelOrigin? Origin { get; init; }
}
