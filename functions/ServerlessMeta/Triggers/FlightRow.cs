using Azure.Data.Tables;

namespace ServerlessMeta.Triggers;

/// <summary>The last trigger of a target with some actions, and the retraining under way, as a row.</summary>
internal static class FlightRow
{
    public static TableEntity From(string rowKey, Flight flight)
    {
        var row = new TableEntity(TriggerKeys.Partition, rowKey);
        Set("fire", flight.LastFire);
        Set("fired", flight.LastFireAt);
        Set("decision", flight.Decision);
        Set("started", flight.StartedAt);
        return row;

        void Set(string property, object? value)
        {
            if (value is not null)
            {
                row[property] = value;
            }
        }
    }

    public static Flight To(TableEntity? row) => row is null ? Flight.None
        : new Flight(row.GetDateTimeOffset("fire"), row.GetDateTimeOffset("fired"), row.GetString("decision"), row.GetDateTimeOffset("started"));
}
