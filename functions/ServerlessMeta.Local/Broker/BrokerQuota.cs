namespace ServerlessMeta.Local.Broker;

/// <summary>What a queue and its dead letters may hold together.</summary>
internal sealed class BrokerQuota(string name, int maxMessages, long maxBytes)
{
    private readonly Lock sync = new();
    private int messages;
    private long bytes;

    /// <exception cref="BrokerException">There is no room.</exception>
    public void MustHaveRoom(int count, long size)
    {
        lock (sync)
        {
            if (messages + count > maxMessages || bytes + size > maxBytes)
            {
                throw BrokerException.Full(name, maxMessages, maxBytes);
            }
        }
    }

    public void Take(int size) => Change(1, size);

    public void Release(int size) => Change(-1, -size);

    private void Change(int count, int size)
    {
        lock (sync)
        {
            messages += count;
            bytes += size;
        }
    }
}
