namespace ServerlessMeta.StorageTests;

/// <summary>A change that is made while a request fails.</summary>
/// <param name="CallAsync">Makes it; whether it was answered well.</param>
/// <param name="CheckAsync">Asserts that it is whole or absent by now; takes whether it was answered well.</param>
/// <param name="RepeatAsync">Makes it again, nothing failing, and asserts that it took effect once.</param>
public sealed record FaultCase(Func<Task<bool>> CallAsync, Func<bool, Task> CheckAsync, Func<Task> RepeatAsync);
