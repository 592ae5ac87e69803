namespace ServerlessMeta.Models;

/// <summary>Told after a change with events was committed, so that they go out at once; a timer finishes what a crash left.</summary>
internal delegate void ModelEventsCommitted();
