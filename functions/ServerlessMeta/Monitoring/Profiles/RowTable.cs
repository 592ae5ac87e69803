namespace ServerlessMeta.Monitoring.Profiles;

/// <summary>Takes rows of any format, some at a time, to the profiles of their columns, to the predictions and to the sample.</summary>
internal sealed class RowTable(RowIngestOptions options, RowFaults faults)
{
    /// <summary>Rows that are taken together: of a column they fit into a processor's nearest memory.</summary>
    public const int BatchRows = 2_048;

    private readonly List<RowColumn> columns = [];
    private readonly Dictionary<string, int> places = new(StringComparer.Ordinal);
    private readonly ProfileWorkspace workspace = new();
    private readonly PredictionCollector? predictions = options.Schema.Id is null ? null : new PredictionCollector(options, faults);
    private readonly RowSampler? sampler = options.SampleRows > 0 ? new RowSampler(Math.Min(options.SampleRows, SampleMerge.Most), options.Seed) : null;
    private readonly CoMomentsBuilder? coMoments = options.Baseline?.CoMoments is { } moments ? new CoMomentsBuilder(moments.Columns) : null;
    private long cells, flushed;
    private bool hasSketches;

    /// <summary>The row that is being read, in the batch.</summary>
    public int At { get; private set; }

    /// <summary>Rows that were taken; those that repeat a prediction are not counted.</summary>
    public long Rows => flushed + At;

    /// <summary>Rows that were read.</summary>
    public long Read { get; private set; }

    public IReadOnlyList<RowColumn> Columns => columns;

    public RowColumn? Find(string? name) => name is not null && places.TryGetValue(name, out var place) ? columns[place] : null;

    /// <summary>The place of a column, which is made when it is new; null when there cannot be one, which is a fault then.</summary>
    public int? Place(string name)
    {
        if (places.TryGetValue(name, out var place))
        {
            return place;
        }
        if (name.Length is 0 or > RowIngestOptions.LongestName || name.Any(char.IsControl))
        {
            faults.Add("columns", name.Length == 0
                ? $"Column {columns.Count + 1} has no name."
                : $"A column's name has up to {RowIngestOptions.LongestName} characters and no control characters: '{name[..Math.Min(40, name.Length)]}'.");
            return null;
        }
        if (columns.Count == RowIngestOptions.MostColumns)
        {
            faults.Add("columns", $"There are up to {RowIngestOptions.MostColumns:#,0} columns.");
            return null;
        }
        var isKept = predictions is not null && (name == options.Schema.Id || name == options.Schema.Time);
        var builder = isKept ? null : new ColumnBuilder(name, options.Baseline?.Find(name), KindOf(name), options.Bins, workspace);
        builder?.AddMissing(flushed);
        columns.Add(new RowColumn(name, isKept) { Builder = builder });
        places.Add(name, columns.Count - 1);
        return columns.Count - 1;
    }

    /// <summary>Looks for the columns of predictions among those there are; what is not there is a fault.</summary>
    public void CheckSchema()
    {
        var schema = options.Schema;
        foreach (var (name, what) in predictions is null ? [] : new[] { (schema.Id, "ids"), (schema.Time, "times"), (schema.Prediction, "predictions") })
        {
            if (name is not null && !places.ContainsKey(name))
            {
                faults.Add("columns", $"There is no column '{name}', which has the {what}.");
            }
        }
    }

    /// <summary>Ends the row whose cells were set.</summary>
    public void EndRow()
    {
        Read++;
        cells += columns.Count;
        if (predictions is null || TakePrediction(At, Read))
        {
            At++;
        }
        else
        {
            foreach (var column in columns)
            {
                column.Clear(At, 1);
            }
        }
        if (At == BatchRows)
        {
            Flush();
        }
    }

    /// <summary>Leaves out a row that is a fault anyway.</summary>
    public void SkipRow() => Read++;

    /// <summary>Ends so many rows, the first of the batch.</summary>
    public void EndRows(int count)
    {
        for (var row = 0; row < count; row++)
        {
            Read++;
            if (predictions is null || TakePrediction(row, Read))
            {
                foreach (var column in row == At ? [] : columns)
                {
                    column.Move(row, At);
                }
                At++;
            }
        }
        cells += (long)count * columns.Count;
        Flush();
    }

    /// <summary>Whether more rows may come; a fault says why not.</summary>
    public bool HasRoom()
    {
        if (Read >= RowIngestOptions.MostRows || cells >= RowIngestOptions.MostCells)
        {
            faults.Add("rows", $"A body has up to {RowIngestOptions.MostRows:#,0} rows, and {RowIngestOptions.MostCells:#,0} values.");
        }
        return !faults.IsFull && Read < RowIngestOptions.MostRows && cells < RowIngestOptions.MostCells;
    }

    public RowIngest Build()
    {
        Flush();
        var profile = new DataProfile
        {
            Rows = Rows,
            Columns = [.. columns.Select(static column => column.Builder?.Build()).OfType<ColumnProfile>()],
            Sample = sampler?.Build(columns),
        };
        return new RowIngest(profile with { CoMoments = CoMomentsOf(profile) }, predictions?.Build() ?? [], Rows);
    }

    private void Flush()
    {
        if (At == 0)
        {
            return;
        }
        foreach (var column in columns)
        {
            column.Builder?.Add(column.Numbers.AsSpan(0, At), column.HasTexts ? column.Texts.AsSpan(0, At) : []);
        }
        if (coMoments is not null && coMoments.Columns.All(places.ContainsKey))
        {
            coMoments.Add([.. coMoments.Columns.Select(name => columns[places[name]].Numbers)], At);
        }
        sampler?.Add(columns, At);
        foreach (var column in columns)
        {
            column.Clear(0, BatchRows);
        }
        flushed += At;
        At = 0;
        if (workspace.Buffered > options.BufferedNumbers)
        {
            hasSketches = true;
        }
        foreach (var column in hasSketches ? columns : [])
        {
            column.Builder?.Sketch();
        }
    }

    private bool TakePrediction(int at, long row)
    {
        var schema = options.Schema;
        return predictions!.Take(row, at, Find(schema.Id), Find(schema.Time), Find(schema.Prediction), Find(schema.Score), Find(schema.Label));
    }

    /// <summary>What the schema and the options say of a column; null: its values tell.</summary>
    private ColumnKind? KindOf(string name)
    {
        if (options.Kinds.TryGetValue(name, out var kind))
        {
            return kind;
        }
        var schema = options.Schema;
        return name == schema.Score ? ColumnKind.Numeric
            : name != schema.Prediction && name != schema.Label || schema.Task is ModelTask.None ? null
            : schema.Task is ModelTask.Regression ? ColumnKind.Numeric : ColumnKind.Categorical;
    }

    /// <summary>On the baseline's columns, if all are there and hold numbers; for a baseline on its own numeric features, the first that have a number in half of the rows.</summary>
    private CoMoments? CoMomentsOf(DataProfile profile)
    {
        if (options.Baseline is not null)
        {
            return coMoments is not null && coMoments.Columns.All(name => profile.Find(name) is { Kind: ColumnKind.Numeric }) ? coMoments.Build() : null;
        }
        var schema = options.Schema;
        var numeric = columns.Where(column => column.Builder is { Buffer: not null, IsCategorical: false, IsFew: false, PresentShare: >= 0.5 }
            && column.Name != schema.Prediction && column.Name != schema.Score && column.Name != schema.Label).Take(CoMomentsBuilder.MostColumns).ToList();
        if (numeric.Count < 2 || Rows < 2)
        {
            return null;
        }
        var own = new CoMomentsBuilder([.. numeric.Select(static column => column.Name)]);
        own.Add([.. numeric.Select(static column => column.Builder!.Buffer!)]);
        return own.Build();
    }
}
