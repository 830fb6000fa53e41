using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace LazyOC.Marketplace.Scanning.Lookalikes;

/// <summary>Skeletons of names: two names that a reader may take for each other have the same one.</summary>
/// <remarks>
/// The idea is that of Unicode Technical Standard 39, section 4 (https://www.unicode.org/reports/tr39/). The table holds the
/// letters of the Latin, Greek and Cyrillic scripts, fullwidth forms and digits; everything is in lower case, as a name in
/// capitals is the same name to a reader.
/// </remarks>
internal static class Confusables
{
    /// <summary>What a letter looks like, each pair as LIKE:LETTERS.</summary>
    private const string Pairs =
        "a:аαɑàáâãäåāăąǎȁȃạảấầẩẫậắằẳẵặα;b:ьвβƅЬбß;c:сϲçćĉċčƈҫ;d:ԁďđɖɗժ;e:еєεëèéêēĕėęěẹẻẽếềểễệёѐҽ;f:ƒϝſ;g:ɡɢģĝğġǥ;h:һнηĥħհ;i:іιıìíîïĩīĭįǐїɩ;" +
        "j:јʝĵϳ;k:кκķĸқҟ;l:ӏ1|ĺļľŀłɭ;m:мϻṃ;n:пոñńņňŉŋɳ;o:оοσ0òóôõöøōŏőơǒọỏốồổỗộớờởỡợөօ;p:рρþ;q:ԛգ;r:гŕŗřɼᴦ;s:ѕśŝşšșʂ;t:тτţťŧț;" +
        "u:υսùúûüũūŭůűųưǔụủμ;v:νѵ;w:ωѡԝшщŵ;x:хχҳ;y:уγýÿŷўүỳỷỹ;z:ʐźżžƶ;ae:æ;oe:œ";

    private static readonly FrozenDictionary<int, string> Table = Pairs.Split(';')
        .SelectMany(pair => pair[(pair.IndexOf(':', StringComparison.Ordinal) + 1)..].EnumerateRunes().Select(letter => (letter.Value, Like: pair[..pair.IndexOf(':', StringComparison.Ordinal)])))
        .DistinctBy(entry => entry.Value).ToFrozenDictionary(entry => entry.Value, entry => entry.Like);

    /// <summary>The skeleton: letters and digits only, each as the Latin letter it looks like; <c>rn</c> as <c>m</c>, <c>vv</c> as <c>w</c>.</summary>
    public static string Skeleton(string name)
    {
        var skeleton = new StringBuilder(name.Length);
        foreach (var rune in name.EnumerateRunes())
        {
            // A capital I is an l to the eye, and an i to whoever remembers the name.
            var lower = Rune.ToLowerInvariant(Narrow(rune));
            if (Table.TryGetValue(lower.Value, out var like)) skeleton.Append(like);
            else if (Rune.IsLetterOrDigit(lower)) skeleton.Append(lower);
        }
        return skeleton.Replace("rn", "m").Replace("vv", "w").Replace('i', 'l').ToString();
    }

    /// <summary>Whether letters of the Latin script stand beside letters of the Greek or the Cyrillic within one word.</summary>
    public static bool MixesScripts(string name)
    {
        var (latin, other) = (false, false);
        foreach (var rune in name.EnumerateRunes())
        {
            if (!Rune.IsLetter(rune) && Rune.GetUnicodeCategory(rune) != UnicodeCategory.NonSpacingMark) (latin, other) = (false, false);
            latin |= Rune.IsLetter(rune) && rune.Value is < 0x250 or (>= 0x1e00 and <= 0x1eff) or (>= 0xff21 and <= 0xff5a);
            other |= rune.Value is (>= 0x370 and <= 0x52f) or (>= 0x1f00 and <= 0x1fff);
            if (latin && other) return true;
        }
        return false;
    }

    /// <summary>Fullwidth forms are ASCII with air around it.</summary>
    private static Rune Narrow(Rune rune) => rune.Value is >= 0xff01 and <= 0xff5e ? new Rune(rune.Value - 0xff01 + '!') : rune;
}
