package ingest

import (
	"slices"
	"strings"
)

// stravaColumn is a column of activities.csv that is used.
type stravaColumn int

// The columns. Of the names that come twice the first is for display, in the account's unit and language, and the last
// has seconds and metres. A table with one column of distances has csvFirstDist and no csvDist: its unit is to be found.
const (
	csvID stravaColumn = iota
	csvDate
	csvName
	csvType
	csvElapsed
	csvFirstElapsed
	csvMoving
	csvDist
	csvFirstDist
	csvSpeed
	csvGear
	csvFile
	csvGain
	csvLoss
	csvSteps
	csvDirt
	csvRace
	csvLongRun
	csvColumns
)

// stravaNames are the names of the columns by the language of the account, in lower case and with a bar between
// spellings. Those of English, German and French were seen in exports, those of Dutch, Spanish, Portuguese and Chinese in
// programs that read their author's own export. Translated and not seen are second spellings, "tempo decorrido" and
// "移动时间", and all of Italian and Japanese. What is missing is found by its place (see stravaLayout.place).
var stravaNames = []struct {
	language string
	names    [csvColumns]string
}{
	{"English", [csvColumns]string{csvID: "activity id", csvDate: "activity date", csvName: "activity name", csvType: "activity type",
		csvElapsed: "elapsed time", csvMoving: "moving time", csvDist: "distance", csvSpeed: "average speed", csvGear: "activity gear",
		csvFile: "filename", csvGain: "elevation gain", csvLoss: "elevation loss", csvSteps: "total steps", csvDirt: "dirt distance",
		csvRace: "competition", csvLongRun: "long run"}},
	{oldEnglish, [csvColumns]string{csvID: "id", csvDate: "date", csvName: "name", csvType: "type", csvElapsed: "elapsed_time",
		csvMoving: "moving_time", csvDist: "distance", csvGear: "gear", csvFile: "filename"}},
	{"German", [csvColumns]string{csvID: "aktivitäts-id", csvDate: "aktivitätsdatum", csvName: "name der aktivität", csvType: "aktivitätsart",
		csvElapsed: "verstrichene zeit", csvMoving: "bewegungszeit", csvDist: "distanz", csvSpeed: "durchschnittliche geschwindigkeit",
		csvGear: "aktivitätsausrüstung", csvFile: "dateiname", csvGain: "höhenzunahme", csvLoss: "höhenunterschied",
		csvSteps: "schritte insgesamt", csvDirt: "auf schotter zurückgelegte distanz", csvRace: "wettbewerb", csvLongRun: "langer lauf"}},
	{"French", [csvColumns]string{csvID: "id de l'activité", csvDate: "date de l'activité", csvName: "nom de l'activité", csvType: "type d'activité",
		csvElapsed: "temps écoulé", csvMoving: "durée de déplacement", csvDist: "distance", csvSpeed: "vitesse moyenne",
		csvGear: "matériel utilisé pour l'activité", csvFile: "nom du fichier", csvGain: "dénivelé positif", csvLoss: "dénivelé négatif",
		csvSteps: "nombre total de pas", csvDirt: "distance sur chemin", csvRace: "compétition", csvLongRun: "sortie longue"}},
	{"Dutch", [csvColumns]string{csvID: "activiteits-id", csvDate: "datum van activiteit", csvName: "naam activiteit|naam van activiteit",
		csvType: "activiteitstype", csvElapsed: "verstreken tijd", csvMoving: "beweegtijd", csvDist: "afstand", csvSpeed: "gemiddelde snelheid",
		csvGear: "uitrusting voor activiteit|materiaal voor activiteit", csvFile: "bestandsnaam", csvGain: "totale stijging", csvLoss: "totale daling"}},
	{"Spanish", [csvColumns]string{csvID: "id de actividad", csvDate: "fecha de la actividad", csvName: "nombre de la actividad",
		csvType: "tipo de actividad", csvElapsed: "tiempo transcurrido", csvMoving: "tiempo en movimiento", csvDist: "distancia",
		csvFile: "nombre del archivo|nombre de archivo", csvGain: "desnivel positivo"}},
	{"Portuguese", [csvColumns]string{csvID: "id da atividade", csvDate: "data da atividade", csvName: "nome da atividade", csvType: "tipo de atividade",
		csvElapsed: "tempo decorrido", csvMoving: "tempo de movimentação", csvDist: "distância", csvGear: "equipamento da atividade",
		csvFile: "nome do arquivo|nome do ficheiro", csvGain: "ganho de elevação"}},
	{"Italian", [csvColumns]string{csvID: "id attività|id dell'attività", csvDate: "data dell'attività|data attività",
		csvName: "nome dell'attività|nome attività", csvType: "tipo di attività|tipo attività", csvElapsed: "tempo trascorso",
		csvMoving: "tempo in movimento", csvDist: "distanza", csvFile: "nome file|nome del file"}},
	{"Chinese", [csvColumns]string{csvID: "活动 id", csvDate: "活动日期", csvName: "活动名称", csvType: "活动类型", csvElapsed: "全程耗时", csvDist: "距离",
		csvMoving: "移动时间", csvFile: "文件名"}},
	{"Japanese", [csvColumns]string{csvID: "アクティビティid|アクティビティ id", csvDate: "アクティビティ日|アクティビティの日付", csvName: "アクティビティ名",
		csvType: "アクティビティの種類|アクティビティタイプ", csvElapsed: "経過時間", csvMoving: "移動時間", csvDist: "距離", csvFile: "ファイル名"}},
}

// oldEnglish is the header of exports before the summer of 2019, whose distances are metres.
const oldEnglish = "English before 2019"

// stravaLayout says where the columns of one activities.csv stand; a column that is not there is -1.
type stravaLayout struct {
	at       [csvColumns]int
	language string
}

// minKnown is how many names must be of one language to make a table one of that language: "gear" alone may be any.
const minKnown = 4

// headName brings a column's name to the form of stravaNames.
func headName(s string) string {
	s = strings.NewReplacer("\u00a0", " ", "\u202f", " ", "’", "'", "\ufeff", "").Replace(s)
	return strings.ToLower(strings.Join(strings.Fields(s), " "))
}

// newStravaLayout finds the columns by name, in the language that fits most of them, and the rest by what stands in the
// first rows. known is the number of columns that were found by name, 0 in a language that is not known.
func newStravaLayout(header []string, rows [][]string) (l stravaLayout, known int) {
	head := make([]string, len(header))
	for i, h := range header {
		head[i] = headName(h)
	}
	for _, language := range stravaNames {
		at, found := namedColumns(head, &language.names)
		if found > known && found >= minKnown {
			l, known = stravaLayout{at, language.language}, found
		}
	}
	if known == 0 {
		l.at, _ = namedColumns(nil, new([csvColumns]string))
	}
	l.place(head, rows)
	if l.at[csvDist] == l.at[csvFirstDist] {
		l.at[csvDist] = -1
	}
	return l, known
}

func namedColumns(head []string, names *[csvColumns]string) (at [csvColumns]int, found int) {
	for c := range at {
		at[c] = -1
	}
	for c, spellings := range names {
		if spellings == "" {
			continue
		}
		named := func(h string) bool { return slices.Contains(strings.Split(spellings, "|"), h) }
		first := slices.IndexFunc(head, named)
		if first < 0 {
			continue
		}
		found++
		last := first
		for i := first + 1; i < len(head); i++ {
			if named(head[i]) {
				last = i
			}
		}
		at[c] = last
		switch stravaColumn(c) {
		case csvElapsed:
			at[csvFirstElapsed] = first
		case csvDist:
			at[csvFirstDist] = first
		}
	}
	return at, found
}

// place finds by place and content what has no known name. All languages have the same order: number, date, name, type,
// description, elapsed time, distance, others, gear, file name; and since 2019 weights of athlete and bicycle, then again
// elapsed time, moving time, again distance, speeds, gain and loss. The names that come twice prove that order.
func (l *stravaLayout) place(head []string, rows [][]string) {
	if l.at[csvFile] < 0 {
		l.at[csvFile] = columnOf(rows, len(head), isActivityPath)
	}
	if l.at[csvID] < 0 && l.at[csvDate] < 0 && len(head) > 6 && mostly(rows, 0, isDigits) && mostly(rows, 1, isDate) {
		l.at[csvID], l.at[csvDate] = 0, 1
	}
	if l.at[csvID] != 0 || l.at[csvDate] != 1 || len(head) < 7 {
		return
	}
	fill := func(c stravaColumn, i int) {
		if l.at[c] < 0 && i >= 0 && i < len(head) && !slices.Contains(l.at[:], i) {
			l.at[c] = i
		}
	}
	fill(csvName, 2)
	fill(csvType, 3)
	elapsed, dist := lastOf(head, 5), lastOf(head, 6)
	if elapsed > 6 && dist == elapsed+2 {
		fill(csvFirstElapsed, 5)
		fill(csvFirstDist, 6)
		fill(csvElapsed, elapsed)
		fill(csvMoving, elapsed+1)
		fill(csvDist, dist)
		fill(csvSpeed, dist+2)
		fill(csvGain, dist+3)
		fill(csvLoss, dist+4)
		fill(csvFile, elapsed-3)
		fill(csvGear, elapsed-4)
		return
	}
	if file := l.at[csvFile]; file >= 9 && l.language == "" {
		fill(csvElapsed, 5)
		fill(csvFirstDist, 6)
		fill(csvGear, file-1)
	}
}

// lastOf is the last column called as column i is.
func lastOf(head []string, i int) int {
	last := i
	for j := i + 1; j < len(head); j++ {
		if head[i] != "" && head[j] == head[i] {
			last = j
		}
	}
	return last
}

// columnOf is the column most of whose values, blank ones aside, are as ok says, or -1.
func columnOf(rows [][]string, columns int, ok func(string) bool) int {
	for c := range columns {
		if mostly(rows, c, ok) {
			return c
		}
	}
	return -1
}

// mostly reports whether more than half of a column's values are as ok says, blank ones aside.
func mostly(rows [][]string, column int, ok func(string) bool) bool {
	good, all := 0, 0
	for _, r := range rows {
		if column < len(r) && strings.TrimSpace(r[column]) != "" {
			all++
			if ok(r[column]) {
				good++
			}
		}
	}
	return good > all/2
}

func isActivityPath(s string) bool {
	s = tablePath(s)
	return activityName(s) && !strings.ContainsAny(s, "\n:") && (strings.Contains(s, "/") || !strings.Contains(s, " "))
}

func isDigits(s string) bool { return strings.Trim(s, "0123456789") == "" }

func isDate(s string) bool {
	_, _, ok := exportTime(s, false)
	if !ok {
		_, _, ok = exportTime(s, true)
	}
	return ok
}

// tablePath writes a file name of a table with slashes and without a leading "./".
func tablePath(s string) string {
	s = strings.ReplaceAll(strings.TrimSpace(s), `\`, "/")
	return strings.TrimLeft(strings.TrimPrefix(s, "./"), "/")
}
