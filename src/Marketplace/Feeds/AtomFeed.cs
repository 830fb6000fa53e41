using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Xml;

namespace LazyOC.Marketplace.Feeds;

/// <summary>A feed, as RFC 4287 has it. What is in it comes from authors: it is text, without what XML cannot have.</summary>
internal sealed record AtomFeed
{
    public const string MediaType = "application/atom+xml";

    private const string Namespace = "http://www.w3.org/2005/Atom";

    /// <summary>What the feed is called for good, an IRI.</summary>
    public required string Id { get; init; }

    public required string Title { get; init; }

    public required string Subtitle { get; init; }

    public required string Author { get; init; }

    /// <summary>When something in it changed last.</summary>
    public required DateTimeOffset Updated { get; init; }

    /// <summary>Path of the feed itself.</summary>
    public required string Self { get; init; }

    /// <summary>Path of the page that it is of.</summary>
    public required string Page { get; init; }

    public required ImmutableArray<AtomEntry> Entries { get; init; }

    /// <summary>A name for good of something, the same wherever it is served: a UUID made of what it is (RFC 9562, version 8).</summary>
    public static string IdOf(params ReadOnlySpan<string> parts)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts!)))[..16];
        hash[6] = (byte)((hash[6] & 0x0f) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3f) | 0x80);
        return $"urn:uuid:{new Guid(hash, bigEndian: true)}";
    }

    public byte[] ToUtf8()
    {
        using var stream = new MemoryStream();
        using (var xml = XmlWriter.Create(stream, new XmlWriterSettings { Encoding = new UTF8Encoding(false), Indent = true, NewLineChars = "\n", CheckCharacters = true }))
        {
            xml.WriteStartDocument();
            xml.WriteStartElement("feed", Namespace);
            Text(xml, "id", Id);
            Text(xml, "title", Title);
            Text(xml, "subtitle", Subtitle);
            Text(xml, "updated", Time(Updated));
            Link(xml, "self", Self, MediaType);
            Link(xml, "alternate", Page, "text/html");
            WriteAuthor(xml, Author);
            foreach (var entry in Entries)
            {
                xml.WriteStartElement("entry", Namespace);
                Text(xml, "id", entry.Id);
                Text(xml, "title", entry.Title);
                Text(xml, "published", Time(entry.Published));
                Text(xml, "updated", Time(entry.Published));
                Link(xml, "alternate", entry.Page, "text/html");
                Text(xml, "summary", entry.Summary);
                xml.WriteEndElement();
            }
            xml.WriteEndElement();
        }
        return stream.ToArray();
    }

    private static void WriteAuthor(XmlWriter xml, string name)
    {
        xml.WriteStartElement("author", Namespace);
        Text(xml, "name", name);
        xml.WriteEndElement();
    }

    /// <summary>Addresses have no host in them: whoever names another one in a request changes nothing for those who read after him.</summary>
    private static void Link(XmlWriter xml, string relation, string path, string type)
    {
        xml.WriteStartElement("link", Namespace);
        xml.WriteAttributeString("rel", relation);
        xml.WriteAttributeString("type", type);
        xml.WriteAttributeString("href", path);
        xml.WriteEndElement();
    }

    private static void Text(XmlWriter xml, string name, string text) => xml.WriteElementString(name, Namespace, Clean(text));

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>Without characters that no XML has: most control characters, and halves of pairs.</summary>
    private static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            // A half comes as U+FFFD.
            if (!rune.IsBmp || XmlConvert.IsXmlChar((char)rune.Value)) clean.Append(rune);
        }
        return clean.ToString();
    }
}

/// <summary>Something that happened.</summary>
/// <param name="Id">What it is called for good, an IRI.</param>
/// <param name="Title">On one line.</param>
/// <param name="Published">When.</param>
/// <param name="Page">Path of its page.</param>
/// <param name="Summary">Text.</param>
internal sealed record AtomEntry(string Id, string Title, DateTimeOffset Published, string Page, string Summary);
