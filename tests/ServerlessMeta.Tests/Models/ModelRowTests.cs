using System.Collections.Immutable;
using CsCheck;
using ServerlessMeta.Models;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Tests.Models;

public sealed class ModelRowTests
{
    private static readonly DateTimeOffset At = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_000);

    // Whole characters only: a lone half of one cannot come from UTF-8.
    private static readonly Gen<string> Text = Gen.String[Gen.Char["ab\n:-|\0 é日"], 0, 20];
    private static readonly Gen<Tag> Field = Gen.Select(Text, Text, static (key, value) => new Tag("k" + key, value));
    private static readonly Gen<int[]> Numbers = Gen.Int[1, 400].Array[0, 60].Select(static numbers => numbers.Distinct().Order().ToArray());

    [Fact]
    public void Numbers_are_read_as_they_were_written() => Gen.Int[1, 2_000_000_000].Array[0, 100].Select(static numbers => numbers.Distinct().Order().ToArray())
        .Sample(static numbers => Assert.Equal(numbers, NumberRuns.Decode(NumberRuns.Encode(numbers))));

    [Fact]
    public void Neighbours_take_no_room() => Assert.InRange(NumberRuns.Encode(Enumerable.Range(1, 200_000)).Length, 1, 6);

    [Fact]
    public void A_model_of_any_content_is_read_as_it_was_written() => Gen.Select(Text.Null(), Field.Array[0, 20], Numbers, Numbers, Text.Array[0, 5]).Sample(static (text, tags, staged, gone, aliases) =>
    {
        var model = new RegisteredModel
        {
            Number = 7,
            Name = "n" + text,
            Description = text,
            Owner = text,
            Author = text,
            Stage = LifecycleStage.Deleted,
            CreatedAt = At,
            UpdatedAt = At.AddDays(1),
            Revision = 9,
            LastVersion = 400,
            Aliases = aliases.Distinct().ToImmutableSortedDictionary(static alias => alias, static alias => alias.Length + 1, StringComparer.Ordinal),
            Stages = staged.ToImmutableSortedDictionary(static version => version, static version => (ModelStage)(1 + (version % 3))),
            Gone = [.. gone],
            Tags = [.. tags],
            LargeTags = [.. tags.Select(static tag => new LargeTag(tag.Key, new string('a', 64), tag.Value.Length))],
        };

        var read = ModelRow.To(ModelRow.From(model));

        Assert.Equal(model with { Aliases = read.Aliases, Stages = read.Stages, Gone = read.Gone, Tags = read.Tags, LargeTags = read.LargeTags }, read);
        Assert.Equal(model.Aliases, read.Aliases);
        Assert.Equal(model.Stages, read.Stages);
        Assert.Equal(model.Gone, read.Gone);
        Assert.Equal(model.Tags, read.Tags);
        Assert.Equal(model.LargeTags, read.LargeTags);
    }, iter: 300);

    [Fact]
    public void A_version_of_any_content_is_read_as_it_was_written() => Gen.Select(Text.Null(), Field.Array[0, 20]).Sample(static (text, tags) =>
    {
        var version = new ModelVersion { Model = 7, Number = 3, Source = "s" + text, Location = text, Description = text, Author = "a" + text, Owner = text, RunLink = text, CreatedAt = At, UpdatedAt = At.AddDays(1), Tags = [.. tags] };

        var read = ModelVersionRow.To(ModelVersionRow.From(version, 5));

        Assert.Equal(version with { Tags = read.Tags, LargeTags = read.LargeTags }, read);
        Assert.Equal(version.Tags, read.Tags);
    });

    [Fact]
    public void A_large_tag_of_any_text_is_read_as_it_was_written() => Gen.String[Gen.Char["a é日"], 0, 70_000].Sample(static text =>
        Assert.Equal(new Tag("k", text), LargeTagRow.To(LargeTagRow.From(1, 2, new Tag("k", text)))), iter: 20);

    [Theory]
    [InlineData('x', 4096, false)]
    [InlineData('x', 4097, true)]
    [InlineData('日', 1365, false)]
    [InlineData('日', 1366, true)]
    public void A_value_is_large_beyond_four_kibibytes_of_utf8(char letter, int length, bool isLarge) => Assert.Equal(isLarge, LargeTagRow.IsLarge(new Tag("k", new string(letter, length))));

    [Fact]
    public void Aliases_beyond_the_row_are_refused()
    {
        var model = new RegisteredModel { Number = 1, Name = "n", Stage = LifecycleStage.Active, CreatedAt = At, UpdatedAt = At, Revision = 1, LastVersion = 1 };
        var many = Enumerable.Range(0, 240).ToImmutableSortedDictionary(static i => $"{i:000}{new string('a', 247)}", static _ => 1, StringComparer.Ordinal);

        Assert.Null(ModelRow.Refuse(model with { Aliases = many }));
        Assert.NotNull(ModelRow.Refuse(model with { Aliases = many.AddRange(Enumerable.Range(240, 20).Select(static i => KeyValuePair.Create($"{i:000}{new string('a', 247)}", 1))) }));
    }

    [Fact]
    public void A_mark_is_read_as_it_was_written() => Gen.Select(Text, Gen.Int[0, int.MaxValue], Gen.Long[0, 4_000_000_000_000]).Sample(static (name, version, at) =>
    {
        var mark = new RegistryMark(name, version, at, at + 1);
        Assert.Equal(mark, RegistryMark.Read(mark.Write()));
    });
}
