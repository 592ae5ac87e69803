using System.Buffers.Binary;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;

namespace ServerlessMeta.Search;

/// <summary>A run's state in bytes: what is packed stays packed.</summary>
internal static class RunRecordCodec
{
    private const long NoTime = long.MinValue;

    public static void Write(BinaryWriter writer, RunRecord run)
    {
        Span<byte> id = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128LittleEndian(id, run.Id.Bits);
        writer.Write(id);
        writer.Write(run.Revision);
        writer.Write(run.Name);
        writer.Write(run.UserId);
        writer.Write((byte)run.Status);
        writer.Write(run.StartedAt.ToUnixTimeMilliseconds());
        writer.Write(run.EndedAt?.ToUnixTimeMilliseconds() ?? NoTime);
        writer.Write((byte)run.Stage);
        writer.Write(run.Epoch);
        writer.Write(run.ArtifactRoot is not null);
        writer.Write(run.ArtifactRoot ?? "");
        Write(writer, run.Params);
        Write(writer, run.Tags);
        Write(writer, run.Latest);
        Write(writer, run.Inputs);
    }

    /// <exception cref="EndOfStreamException">The bytes end too soon.</exception>
    public static RunRecord Read(BinaryReader reader)
    {
        var id = RunId.From(BinaryPrimitives.ReadUInt128LittleEndian(reader.ReadBytes(16)));
        var revision = reader.ReadInt64();
        var (name, user) = (reader.ReadString(), reader.ReadString());
        var status = (RunStatus)reader.ReadByte();
        var (started, ended) = (reader.ReadInt64(), reader.ReadInt64());
        var stage = (LifecycleStage)reader.ReadByte();
        var epoch = reader.ReadInt32();
        var (rooted, root) = (reader.ReadBoolean(), reader.ReadString());
        return new RunRecord
        {
            Id = id,
            Revision = revision,
            Name = name,
            UserId = user,
            Status = status,
            StartedAt = DateTimeOffset.FromUnixTimeMilliseconds(started),
            EndedAt = ended == NoTime ? null : DateTimeOffset.FromUnixTimeMilliseconds(ended),
            Stage = stage,
            Epoch = epoch,
            ArtifactRoot = rooted ? root : null,
            Params = Chunks(reader),
            Tags = Chunks(reader),
            Latest = Chunks(reader),
            Inputs = Chunks(reader),
        };
    }

    private static void Write(BinaryWriter writer, byte[][] chunks)
    {
        writer.Write7BitEncodedInt(chunks.Length);
        foreach (var chunk in chunks)
        {
            writer.Write7BitEncodedInt(chunk.Length);
            writer.Write(chunk);
        }
    }

    private static byte[][] Chunks(BinaryReader reader)
    {
        var chunks = new byte[reader.Read7BitEncodedInt()][];
        for (var i = 0; i < chunks.Length; i++)
        {
            var length = reader.Read7BitEncodedInt();
            chunks[i] = reader.ReadBytes(length);
            if (chunks[i].Length != length)
            {
                throw new EndOfStreamException();
            }
        }
        return chunks;
    }
}
