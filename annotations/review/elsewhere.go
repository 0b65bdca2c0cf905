package review

import (
	"path"
	"regexp"
	"strings"

	"navigator/annotations"
)

// Signs that a path is none of upstream's.
var (
	templateName = regexp.MustCompile(`(?i)^(?:file(?:name)?|archivo|fichero|path|ruta|foo|bar|baz|ejemplo|example|nombre|some_?file|tu_\w+|your_\w+|x{2,}|a|b|x|y)\.\{?\w+`)
	templatePath = regexp.MustCompile(`(?i)(?:^|/)(?:path/to|ruta/a|ruta/al|xxx|<)`)
	newName      = regexp.MustCompile(`(?i)^(?:my|mi|custom|sample|ejemplo|hello|nuevo|nueva)(?:[_-]|$)`)
	buildFolder  = regexp.MustCompile(`(?:^|/)(?:bazel-\w+|target/(?:debug|release)|node_modules|dist|out)(?:/|$)`)
	// What stands right before a path that the reader is to write. "Crea una
	// conexión en …" speaks of what code does.
	makes = regexp.MustCompile("(?i)(?:(?:^|[^\\pL])(?:crea(?:r|mos|remos|ndo)?|cree|a[ñn]ad(?:e|ir|imos)|escrib(?:e|ir|imos)|implementa(?:r|mos)?|create|add|write)" +
		"(?:[ \t]+(?:el|la|un|una|nuestro|nuestra|the|a|los|las))?(?:[ \t]+(?:nuev[oa]s?|siguiente|new))?(?:[ \t]+(?:archivos?|ficheros?|carpeta|directorio|cabecera|clase|filtro|files?|test))?(?:[ \t]+(?:nuev[oa]s?|en|in|como|as|llamad[oa]))?" +
		"|\\b(?:touch|mkdir(?:[ \t]+-p)?|cat[ \t]*>|tee)|(?:nuev[oa]s?)[ \t]+(?:archivos?|ficheros?|files?)|(?:archivos?|ficheros?|carpeta|directorio)[ \t]+nuev[oa]s?)[ \t:,*_`>(]*$")
	// The same, where upstream may have the file already.
	makesFile = regexp.MustCompile("(?i)(?:crea(?:r|mos|remos|ndo)?|cree|create)[ \\t]+(?:el|un|the|a)[ \\t]+(?:nuevo[ \\t]+|new[ \\t]+)?(?:archivo|fichero|file)[ \\t:*_`]*$")
)

// longestAsking is how many bytes before a path are looked at for what has the
// reader write it: more than any of the wordings is long.
const longestAsking = 200

// readerMakes returns the folders, ending in "/", and the names of the files
// that a lesson has its reader write: those that it says so of, or calls my_x,
// and what lies beside them in a folder that upstream lacks.
func (j *judge) readerMakes(t lessonText) map[string]bool {
	made := map[string]bool{}
	for i := range t.Citations {
		c := &t.Citations[i]
		p := c.Under + c.Path
		at := t.offset(c.Span.Start)
		before := t.Text[max(t.starts[c.Span.Start.Line-1], at-longestAsking):at]
		asked := makes.Match(before)
		for part := range strings.SplitSeq(strings.TrimSuffix(p, "/"), "/") {
			asked = asked || newName.MatchString(part) && len(j.bases[part]) == 0 && len(j.bases[part+"/"]) == 0
		}
		if !asked || j.wasThere(p) || len(j.exact[p]) > 0 {
			continue
		}
		dir, base := path.Split(strings.TrimSuffix(p, "/"))
		if strings.HasSuffix(p, "/") {
			dir, base = p, ""
		}
		if dir != "" && len(j.exact[dir]) == 0 && strings.Count(dir, "/") > 1 {
			made[dir] = true
		}
		if base != "" && (len(j.bases[base]) == 0 || makesFile.Match(before)) {
			made[base] = true
		}
	}
	for i := range t.Citations { // "config.cc", where the made folder has one
		p := t.Citations[i].Under + t.Citations[i].Path
		if dir, base := path.Split(p); made[dir] && base != "" {
			made[base] = true
		}
	}
	return made
}

// wasThere says whether git's history knows a path.
func (j *judge) wasThere(p string) bool {
	for _, known := range j.renamed {
		if known[p] != "" {
			return true
		}
	}
	return false
}

// elsewhere says whether a citation means no file of upstream, and which kind.
func (j *judge) elsewhere(c *annotations.Citation, res annotations.Resolution, made map[string]bool) (annotations.Reason, bool) {
	p := c.Under + c.Path
	dir, base := path.Split(p)
	found := res.Match != annotations.MatchNone
	alone := !strings.Contains(c.Path, "/")
	switch {
	case templatePath.MatchString(p):
		return annotations.Placeholder, true
	case templateName.MatchString(base) && (!found || alone && res.Match != annotations.MatchContext):
		return annotations.Placeholder, true
	case made[dir] && res.Match != annotations.MatchExact, alone && made[base] && (!found || res.Match == annotations.MatchAmbiguous):
		return annotations.ReaderMakes, true
	case found || j.wasThere(p):
		return "", false
	case buildFolder.MatchString(p):
		return annotations.BuildOutput, true
	case made[base]:
		return annotations.ReaderMakes, true
	case (strings.HasPrefix(p, "/") || strings.HasPrefix(p, "~")) && len(j.bases[base]) == 0:
		return annotations.ReadersOwn, true
	}
	for folder := dir; folder != ""; folder, _ = path.Split(strings.TrimSuffix(folder, "/")) {
		if made[folder] {
			return annotations.ReaderMakes, true
		}
	}
	return "", false
}
