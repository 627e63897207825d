// Package lexicon finds the words of dated word lists in text, and says which
// of them the context excuses.
//
// A list is a [Pack]: an id, a version, the day of which its facts are, and
// entries of a wrong wording with the right one. Packs lie as YAML in the
// folder of the check that they are for (folder pack); the options of a check
// may bring local packs along. All words of all checks are sought in one pass
// over a page, a [Reading], which the checks share.
//
// Of overlapping words the longest wins, so that a pack can name longer
// wordings in which a wrong one stands rightly (fine).
//
// An entry or a pack names the contexts that excuse it (unless):
//
//   - quoted: between 《》, quotation marks or corner brackets of its block
//   - corrected: the block speaks of the wording itself (应为, 误写, 错别字 …)
//   - historical: the block speaks of the past (时任, 曾, 年代, 民国 …)
//   - name: the word is part of a name (…村, …公司), or a short cell by itself
//   - opposed: the block speaks against it (打击, 查处, 案件, 防范 …)
//   - studied: the page or block explains rules of wording, law or documents
//
// from and until are days between which a wording was right: a word is put
// forward only in text whose day of publication is known and lies outside.
package lexicon
