using System.Text;
using System.Text.Json;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Calls;
using LazyOC.Plugins.Contracts.Json;

namespace LazyOC.Plugins.Sandbox.Tests.Network;

public sealed class TextOrBytesTests
{
    [Theory]
    [InlineData("68656c6c6f", "\"hello\"")]
    [InlineData("7b2261223a223c26c3a9227d", """
        "{\"a\":\"<&é\"}"
        """)]
    [InlineData("000a", "\"\\u0000\\n\"")]
    [InlineData("ff00", """{"base64":"/wA="}""")]
    [InlineData("eda080", """{"base64":"7aCA"}""")]
    [InlineData("", "\"\"")]
    public void Body_Bytes_AreTextWhenTheyAreUtf8(string hex, string json)
    {
        var bytes = Convert.FromHexString(hex);

        Assert.Equal($$"""{"status":200,"headers":{},"body":{{json}}}""", Encoding.UTF8.GetString(JsonSerializer.SerializeToUtf8Bytes(new HttpFetchAnswer { Status = 200, Body = new TextOrBytes(bytes) }, ContractJson.Default.HttpFetchAnswer)));
        Assert.Equal(bytes, Read(json)!.Body!.Bytes.ToArray());
    }

    [Theory]
    [InlineData("1")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"base64":"!"}""")]
    [InlineData("""{"base64":1}""")]
    [InlineData("""{"base64":"/w==","more":1}""")]
    [InlineData("""{"text":"/w=="}""")]
    [InlineData("\"\\ud800\"")]
    public void Body_NeitherTextNorBytes_IsRefused(string json) => Assert.Null(Read(json));

    private static HttpFetchAnswer? Read(string body) =>
        StrictJson.Read(Encoding.UTF8.GetBytes($$"""{"status":200,"body":{{body}}}"""), ContractJson.Default.HttpFetchAnswer).TryGet(out var answer, out _) ? answer : null;
}
