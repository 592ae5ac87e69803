using System.Text.RegularExpressions;
using ServerlessMeta.ContractTests.Hosting;

namespace ServerlessMeta.ContractTests.Ui;

/// <summary>From where on a page follows the store.</summary>
public sealed partial class LivePageTests(KestrelHost host) : IClassFixture<KestrelHost>
{
    [Theory]
    [InlineData("runs/RUN")]
    [InlineData("experiments/EXPERIMENT")]
    public async Task What_changes_after_a_page_was_read_is_told_at_its_first_question_and_nothing_else(string subject)
    {
        var experiment = (await host.Api.PostAsync("experiments/create", new { name = $"followed {subject}" })).Ok()["experiment_id"]!.ToString();
        var run = await host.Api.CreateRunAsync(experiment);
        subject = subject.Replace("RUN", run, StringComparison.Ordinal).Replace("EXPERIMENT", experiment, StringComparison.Ordinal);
        var follows = FollowsPattern.Match((await host.Api.GetAsync($"/{subject}")).Text);
        Assert.Equal(subject, follows.Groups["subject"].Value);

        var still = await AskAsync();
        (await host.Api.PostAsync("runs/update", new { run_id = run, status = "FINISHED" })).Ok();
        var moved = await AskAsync();

        Assert.Empty(still.Ok().AsArray());
        Assert.Equal($"runs/{run}", Assert.Single(moved.Ok().AsArray())!["subject"]!.ToString());

        Task<Answer> AskAsync() => host.Api.GetAsync("/api/v1/events", ("subject", subject), ("after", follows.Groups["after"].Value));
    }

    [GeneratedRegex("<meta name=\"live\" content=\"(?<subject>[^\"]*)\" data-after=\"(?<after>[^\"]*)\"", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex FollowsPattern { get; }
}
