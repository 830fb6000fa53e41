using System.Globalization;
using System.Text;
using System.Xml;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Testing.Running;

namespace LazyOC.Cli.Commands.Plugin.Test;

/// <summary>What came of tests, in the XML that build servers read.</summary>
internal static class JUnitFile
{
    /// <exception cref="UserError">The file cannot be written.</exception>
    public static void Write(string path, PluginId plugin, TestReport report)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            using var file = File.Create(path);
            Write(file, plugin, report);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserError(ExitCode.Failed, $"{path} cannot be written: {error.Message}", cause: error);
        }
    }

    public static void Write(Stream output, PluginId plugin, TestReport report)
    {
        using var xml = XmlWriter.Create(output, new XmlWriterSettings { Indent = true, Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false) });
        xml.WriteStartElement("testsuites");
        xml.WriteStartElement("testsuite");
        xml.WriteAttributeString("name", plugin.ToString());
        xml.WriteAttributeString("tests", Text(report.Tests.Length));
        xml.WriteAttributeString("failures", Text(report.Tests.Count(test => !test.Passed)));
        xml.WriteAttributeString("time", Seconds(TimeSpan.FromTicks(report.Tests.Sum(test => test.Elapsed.Ticks))));
        foreach (var test in report.Tests)
        {
            xml.WriteStartElement("testcase");
            xml.WriteAttributeString("classname", plugin.ToString());
            xml.WriteAttributeString("name", Allowed(test.Name));
            xml.WriteAttributeString("time", Seconds(test.Elapsed));
            if (test.Failure is { } failure)
            {
                xml.WriteStartElement("failure");
                xml.WriteAttributeString("message", Allowed(failure.Message));
                xml.WriteString(Allowed(failure.Stack ?? failure.Message));
                xml.WriteEndElement();
            }
            if (!test.Log.IsEmpty) xml.WriteElementString("system-out", Allowed(string.Join('\n', test.Log)));
            xml.WriteEndElement();
        }
        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture);

    /// <summary>Without what XML cannot say; the text is a plugin's.</summary>
    private static string Allowed(string text) => string.Concat(text.EnumerateRunes().Where(rune => rune.Value > char.MaxValue || XmlConvert.IsXmlChar((char)rune.Value)));
}
