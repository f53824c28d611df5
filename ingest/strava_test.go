package ingest

import (
	"bytes"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// rowWords writes what matters of a row in a line.
func rowWords(r ExportRow) string {
	date := "no date"
	if !r.Start.IsZero() {
		date = r.Start.Format("2006-01-02T15:04:05")
	}
	words := []string{date, string(r.Sport), fmt.Sprintf("%.0f m %.0f/%.0f s", r.Totals.DistM, r.Totals.MovingS, r.Totals.ElapsedS), r.Filename}
	if r.Kind != Unspecified {
		words = append(words, string(r.Kind))
	}
	if r.Gear != "" {
		words = append(words, "gear "+r.Gear)
	}
	for _, tag := range []struct {
		word string
		said bool
	}{{"race", r.Race}, {"long", r.LongRun}, {"rough", r.RoughDist}} {
		if tag.said {
			words = append(words, tag.word)
		}
	}
	return strings.Join(words, " ")
}

func readStrava(t testing.TB, csv string) ([]string, *Problem) {
	t.Helper()
	rows, p := ReadStrava(strings.NewReader(csv))
	var words []string
	for _, r := range rows {
		words = append(words, rowWords(r))
	}
	return words, p
}

// The beginnings of headers as exports of these languages have them.
const (
	englishHead = "Activity ID,Activity Date,Activity Name,Activity Type,Activity Description,Elapsed Time,Distance,Max Heart Rate,Relative Effort,Commute,Activity Private Note,Activity Gear,Filename,Athlete Weight,Bike Weight,Elapsed Time,Moving Time,Distance,Max Speed,Average Speed,Elevation Gain,Elevation Loss"
	germanHead  = "Aktivitäts-ID,Aktivitätsdatum,Name der Aktivität,Aktivitätsart,Aktivitätsbeschreibung,Verstrichene Zeit,Distanz,Max. Herzfrequenz,Relative Leistung,Pendeln,Hinweis zur Privatsphäre für Aktivitäten,Aktivitätsausrüstung,Dateiname,Sportlergewicht,Fahrradgewicht,Verstrichene Zeit,Bewegungszeit,Distanz,Höchstgeschw.,Durchschnittliche Geschwindigkeit,Höhenzunahme,Höhenunterschied"
	frenchHead  = "ID de l'activité,Date de l'activité,Nom de l'activité,Type d'activité,Description de l'activité,Temps écoulé,Distance,Fréquence cardiaque max.,Effort relatif,Déplacement-transport,Note privée sur les activités,Matériel utilisé pour l'activité,Nom du fichier,Poids de l'athlète,Poids du vélo,Temps écoulé,Durée de déplacement,Distance,Vitesse max.,Vitesse moyenne,Dénivelé positif,Dénivelé négatif"
	// A language that nobody taught.
	unknownHead = "Nd,Dn,Nm,Tp,Ds,Ez,Dz,Hr,Re,Pe,Pn,Gg,Ff,Aw,Bw,Ez,Mz,Dz,Ms,As,Eg,El"
)

func TestReadStrava(t *testing.T) {
	for _, tc := range []struct {
		name, csv string
		want      []string
	}{
		{"the last of two distances is metres", englishHead + "\n" +
			"11,\"Sep 12, 2018, 3:02:23 PM\",Evening,Run,,1900,3.1,,,false,,Nike Pegasus Blue,activities/77.fit.gz,,,1901.0,1800.0,5000.0,4,2.7,30,31\n",
			[]string{"2018-09-12T15:02:23 running 5000 m 1800/1901 s activities/77.fit.gz gear Nike Pegasus Blue"}},
		{"narrow blank before PM, byte-order mark, line breaks inside quotes, CRLF", "\xef\xbb\xbf" + englishHead + "\r\n" +
			"11,\"Sep 12, 2018, 3:02:23\u202fPM\",\"A \"\"good\"\" one\r\nand long\",Run,\"wet,\r\nwindy\",1900,5.00,,,false,,,activities/77.gpx,,,1900,1800,5000,,,,\r\n" +
			"12,\"Sep 13, 2018, 12:00:05\u202fAM\",,Trail Run,,600,2,,,false,,,,,,600,590,2000,,,,\r\n",
			[]string{"2018-09-12T15:02:23 running 5000 m 1800/1900 s activities/77.gpx",
				"2018-09-13T00:00:05 running 2000 m 590/600 s  trail"}},
		{"German, with a comma in the distance for display", germanHead + "\n" +
			"11,\"20.09.2026, 14:12:12\",Runde,Lauf,,1900,\"5,01\",,,false,,Patria,activities/77.fit,,,1900,1800,5010.5,4,2.7,30,31\n" +
			"12,\"21.09.2026, 14:12:12\",Rad,Radfahrt,,1900,\"10,20\",,,false,,,,,,1900,1800,10200,4,2.7,30,31\n" +
			"13,\"22.09.2026, 14:12:12\",Kraft,Krafttraining,,1900,0,,,false,,,,,,1900,1800,0,4,2.7,30,31\n",
			[]string{"2026-09-20T14:12:12 running 5010 m 1800/1900 s activities/77.fit gear Patria",
				"2026-09-21T14:12:12 cycling 10200 m 1800/1900 s ", "2026-09-22T14:12:12 strength 0 m 1800/1900 s "}},
		{"French", frenchHead + "\n" +
			"11,\"1 juil. 2026, 03:45:40\",Matin,Course à pied,,1900,\"5,01\",,,false,,Hoka,activities/77.fit,,,1900,1800,5010,4,2.7,30,31\n" +
			"12,\"2 févr. 2026, 03:45:40\",Matin,Trail,,1900,\"5,01\",,,false,,,,,,1900,1800,5010,4,2.7,30,31\n" +
			"13,\"3 août 2026, 03:45:40\",Matin,Natation,,1900,\"1\",,,false,,,,,,1900,1800,1000,4,2.7,30,31\n",
			[]string{"2026-07-01T03:45:40 running 5010 m 1800/1900 s activities/77.fit gear Hoka",
				"2026-02-02T03:45:40 running 5010 m 1800/1900 s  trail", "2026-08-03T03:45:40 unknown 1000 m 1800/1900 s "}},
		{"Dutch", "Activiteits-ID,Datum van activiteit,Naam activiteit,Activiteitstype,Verstreken tijd,Afstand,Uitrusting voor activiteit,Bestandsnaam,Verstreken tijd,Beweegtijd,Afstand\n" +
			"123,\"9 mei 2026, 00:03:01\",Loop,Hardloopsessie,1900,\"5,01\",Brooks,activities/123.fit.gz,1900.0,1800.0,5010.0\n",
			[]string{"2026-05-09T00:03:01 running 5010 m 1800/1900 s activities/123.fit.gz gear Brooks"}},
		{"Spanish", "ID de actividad,Fecha de la actividad,Nombre de la actividad,Tipo de actividad,Tiempo transcurrido,Distancia,Nombre del archivo,Tiempo transcurrido,Tiempo en movimiento,Distancia\n" +
			"101,\"7 ene 2026, 6:05:00\",R,Carrera,1341,\"4,03\",activities/101.gpx,1341.0,1322.0,4030.5\n",
			[]string{"2026-01-07T06:05:00 running 4030 m 1322/1341 s activities/101.gpx"}},
		{"Portuguese", "ID da atividade,Data da atividade,Nome da atividade,Tipo de atividade,Distância,Nome do arquivo,Tempo de movimentação,Distância\n" +
			"101,\"7 de fev. de 2026, 16:05:00\",R,Corrida,\"4,03\",activities/101.gpx,1322.0,4030.5\n",
			[]string{"2026-02-07T16:05:00 running 4030 m 1322/NaN s activities/101.gpx"}},
		{"Chinese, where the last column of a short table is metres or not told", "活动 ID,活动日期,活动名称,活动类型,活动描述,全程耗时,距离,文件名\n" +
			"19766221137,2026年8月16日 下午3:01:41,晨跑,跑步,\"\",3127,9.69,activities/20898459132.fit.gz\n",
			[]string{"2026-08-16T15:01:41 running 9690 m NaN/3127 s activities/20898459132.fit.gz rough"}},
		{"before 2019: lower case, metres", "id,date,name,type,description,elapsed_time,distance,commute,gear,filename\n" +
			"1836776031,2018-09-12 15:02:23,Evening,Run,,1300,3681.0,true,Merida,activities/1836776031.gpx\n",
			[]string{"2018-09-12T15:02:23 running 3681 m NaN/1300 s activities/1836776031.gpx gear Merida"}},
		{"2019: ten columns, one distance, for display", "Activity ID,Activity Date,Activity Name,Activity Type,Activity Description,Elapsed Time,Distance,Commute,Activity Gear,Filename\n" +
			"1836776031,\"Sep 12, 2018, 3:02:23 PM\",Evening,Run,,1300,3.68,true,,activities/1836776031.gpx\n",
			[]string{"2018-09-12T15:02:23 running 3680 m NaN/1300 s activities/1836776031.gpx rough"}},
		{"one distance, whose unit the average speed tells to be miles", "Activity ID,Activity Date,Activity Name,Activity Type,Elapsed Time,Moving Time,Distance,Filename,Average Speed\n" +
			"1,\"Sep 12, 2018, 3:02:23 PM\",E,Run,1300,1200,2.5,,3.353\n",
			[]string{"2018-09-12T15:02:23 running 4023 m 1200/1300 s "}},
		{"one distance in metres", "Activity ID,Activity Date,Activity Name,Activity Type,Elapsed Time,Distance,Filename\n" +
			"1,\"Sep 12, 2018, 3:02:23 PM\",E,Run,1300,3680,\n",
			[]string{"2018-09-12T15:02:23 running 3680 m NaN/1300 s "}},
		{"metres are missing in one row: those for display count, in the unit of the others", englishHead + "\n" +
			"1,\"Sep 12, 2018, 3:02:23 PM\",E,Run,,1900,3.1,,,,,,,,,1900,1800,4989,,,,\n" +
			"2,\"Sep 13, 2018, 3:02:23 PM\",E,Run,,1900,10,,,,,,,,,1900,1800,,,,,\n",
			[]string{"2018-09-12T15:02:23 running 4989 m 1800/1900 s ", "2018-09-13T15:02:23 running 16093 m 1800/1900 s "}},
		{"the tags of a race and a long run, more columns than ever seen", englishHead + ",Competition,Long Run,Total Steps,Brand New\n" +
			"1,\"Sep 12, 2018, 3:02:23 PM\",E,Run,,1900,5,,,,,,,,,1900,1800,5000,,,,,1.0,0.0,5000,x\n" +
			"2,\"Sep 13, 2018, 3:02:23 PM\",E,Run,,1900,5,,,,,,,,,1900,1800,5000,,,,,0.0,true,,x\n",
			[]string{"2018-09-12T15:02:23 running 5000 m 1800/1900 s  race", "2018-09-13T15:02:23 running 5000 m 1800/1900 s  long"}},
		{"a language not known: by the places and the names that come twice", unknownHead + "\n" +
			"11,\"20.09.2026, 14:12:12\",X,Lauf,,1900,\"5,01\",,,false,,Pair,activities/77.fit,,,1900,1800,5010.5,4,2.7,30,31\n" +
			"12,\"21.09.2026, 14:12:12\",X,Xyz,,1900,\"5,01\",,,false,,,,,,1900,1800,5010.5,4,2.7,30,31\n",
			[]string{"2026-09-20T14:12:12 running 5010 m 1800/1900 s activities/77.fit gear Pair", "2026-09-21T14:12:12 unknown 5010 m 1800/1900 s "}},
		{"a language not known and no file at all", unknownHead + "\n" +
			"12,\"21.09.2026, 14:12:12\",X,Run,,1900,\"5,01\",,,false,,Pair,,,,1900,1800,5010.5,4,2.7,30,31\n",
			[]string{"2026-09-21T14:12:12 running 5010 m 1800/1900 s  gear Pair"}},
		{"a language not known, ten columns", "Nd,Dn,Nm,Tp,Ds,Ez,Dz,Pe,Gg,Ff\n" +
			"11,2026-09-20 14:12:12,X,Run,,1900,5.01,false,Pair,activities/77.fit\n",
			[]string{"2026-09-20T14:12:12 running 5010 m NaN/1900 s activities/77.fit gear Pair rough"}},
		{"saved from a spreadsheet: semicolons, Latin letters, day first", "Aktivit\xe4ts-ID;Aktivit\xe4tsdatum;Name der Aktivit\xe4t;Aktivit\xe4tsart;Verstrichene Zeit;Distanz;Dateiname\n" +
			"1;12/09/2018 15:02;R;Lauf;1900;5001,5;\n2;13/09/2018 15:02;R;Lauf;1900;5001,5;\n",
			[]string{"2018-09-12T15:02:00 running 5002 m NaN/1900 s ", "2018-09-13T15:02:00 running 5002 m NaN/1900 s "}},
		{"saved from a spreadsheet: month first, as the thirteenth tells", "Activity ID,Activity Date,Activity Name,Activity Type,Elapsed Time,Distance,Filename\n" +
			"1,9/12/18 15:02,R,Run,1900,5000,\n2,9/13/18 15:02,R,Run,1900,5000,\n",
			[]string{"2018-09-12T15:02:00 running 5000 m NaN/1900 s ", "2018-09-13T15:02:00 running 5000 m NaN/1900 s "}},
		{"backslashes in the file name, a row short of columns, the same row twice, blank rows", englishHead + "\n\n" +
			"1,\"Sep 12, 2018, 3:02:23 PM\",E,Run,,1900,5,,,,,,activities\\1.FIT.gz\n,,,\n" +
			"1,\"Sep 12, 2018, 3:02:23 PM\",E,Run,,1900,5,,,,,,activities\\1.FIT.gz\n",
			[]string{"2018-09-12T15:02:23 running 5000 m NaN/1900 s activities/1.FIT.gz rough"}},
		{"a date not understood stays with its file", englishHead + "\n" +
			"1,long ago,E,Run,,1900,5,,,,,,activities/1.fit,,,1900,1800,5000,,,,\n",
			[]string{"no date running 5000 m 1800/1900 s activities/1.fit"}},
		{"a day without a clock", "Activity ID,Activity Date,Activity Name,Activity Type,Elapsed Time,Distance,Filename\n" +
			"1,2025-03-09,R,Run,1900,5000,\n", []string{"2025-03-09T00:00:00 running 5000 m NaN/1900 s "}},
		{"impossible numbers are not known", "Activity ID,Activity Date,Activity Name,Activity Type,Elapsed Time,Distance,Filename\n" +
			"1,\"Sep 12, 2018, 3:02:23 PM\",R,Run,-5,5000,\n2,\"Sep 13, 2018, 3:02:23 PM\",R,Run,1e999,NaN,\n3,\"Sep 14, 2018, 3:02:23 PM\",R,Run,1900,Inf,\n",
			[]string{"2018-09-12T15:02:23 running 5000 m NaN/NaN s ", "2018-09-13T15:02:23 running NaN m NaN/NaN s ", "2018-09-14T15:02:23 running NaN m NaN/1900 s "}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, p := readStrava(t, tc.csv)
			if p != nil {
				t.Errorf("problem: %v", p)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("rows (-want +got):\n%s", diff)
			}
		})
	}
}

func TestReadStravaCounts103Columns(t *testing.T) {
	head := strings.Split(englishHead, ",")
	for len(head) < 85 {
		head = append(head, fmt.Sprint("More ", len(head)))
	}
	head = append(head, "Dirt Distance", "Total Steps", "Competition", "Long Run")
	for len(head) < 103 {
		head = append(head, fmt.Sprint("More ", len(head)))
	}
	row := make([]string, 103)
	copy(row, []string{"5", `"Sep 12, 2018, 3:02:23 PM"`, "E", "Run"})
	row[15], row[16], row[17], row[21], row[85], row[86], row[87], row[88] = "1900", "1800", "5000", "31", "1200.5", "5100", "1", "1"
	rows, p := ReadStrava(strings.NewReader(strings.Join(head, ",") + "\n" + strings.Join(row, ",") + "\n"))
	if p != nil || len(rows) != 1 {
		t.Fatalf("%d rows, %v", len(rows), p)
	}
	want := ExportRow{ID: stableID("strava", "5"), Line: 2, Name: "E", Type: "Run", Sport: Running, Kind: Unspecified,
		Start: time.Date(2018, 9, 12, 15, 2, 23, 0, time.UTC), Steps: 5100, DirtM: 1200.5, Race: true, LongRun: true,
		Totals: Totals{DistM: 5000, MovingS: 1800, ElapsedS: 1900, CadenceSPM: math.NaN(), AscentM: math.NaN(), DescentM: 31}}
	if diff := cmp.Diff(want, rows[0], cmpopts.EquateNaNs()); diff != "" {
		t.Errorf("row (-want +got):\n%s", diff)
	}
}

func TestReadStravaSaysWhatIsWrong(t *testing.T) {
	short := "Activity ID,Activity Date,Activity Name,Activity Type,Elapsed Time,Distance,Filename\n"
	good := "1,\"Sep 12, 2018, 3:02:23 PM\",R,Run,1900,5000,\n"
	for _, tc := range []struct {
		name, csv string
		rows      int
		kind      ProblemKind
		says      string
	}{
		{"a broken quotation costs its row", short + good + "2,\"Sep\"x 13,R,Run,1,1,\n" + strings.Replace(good, "1,", "3,", 1), 2, Corrupt, "1 row of 3"},
		{"a quotation that never ends", short + good + "2,\"Sep 13, 2018, 3:02:23 PM,R,Run,1900,5000,\n", 1, Corrupt, "line 3"},
		{"neither date nor file", short + good + "2,long ago,R,Run,1900,5000,\n", 1, Corrupt, "neither a file nor a date"},
		{"a table of another program", "Activity Type,Date,Favorite,Title,Distance,Calories,Time\nRunning,2024-05-01 10:00:00,false,Run,5.01,300,00:30:00\n", 0, NotActivity, "not the table"},
		{"an empty file", "", 0, NotActivity, "not the table"},
		{"a picture", "\xff\xd8\xff\xe0\x00\x10JFIF", 0, NotActivity, "not the table"},
		{"no columns but files", "a,b,c\nx,y,activities/1.fit\n", 0, Unsupported, "English"},
		{"too many columns", strings.Repeat(",", 5000), 0, NotActivity, "4096"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			rows, p := ReadStrava(strings.NewReader(tc.csv))
			if p == nil || p.Kind != tc.kind || !strings.Contains(p.Error(), tc.says) || len(rows) != tc.rows {
				t.Errorf("got %d rows and %v, want %d and %s: …%s…", len(rows), p, tc.rows, tc.kind, tc.says)
			}
		})
	}
}

func TestReadStravaIsBounded(t *testing.T) {
	if _, p := ReadStrava(strings.NewReader(strings.Repeat(" ", maxTableBytes+1))); p == nil || p.Kind != TooLarge {
		t.Errorf("a table of more than %d bytes: %v", maxTableBytes, p)
	}
	var b bytes.Buffer
	b.WriteString("id,date,name,type,filename\n")
	for i := range maxTableRows + 5 {
		fmt.Fprintf(&b, "%d,2024-01-01 10:00:00,,Run,\n", i)
	}
	if rows, p := ReadStrava(&b); p == nil || p.Kind != TooLarge || len(rows) != maxTableRows {
		t.Errorf("%d rows, %v", len(rows), p)
	}
}

func TestReadStravaShoes(t *testing.T) {
	for _, tc := range []struct {
		name, csv string
		want      []ExportShoe
	}{
		{"as exported", "Shoe Name,Shoe Brand,Shoe Model,Shoe Default Sport Types\nBlue,Nike,Pegasus 40,Run\n,Hoka,Clifton 9,\n,,,\n",
			[]ExportShoe{{"Blue", "Nike", "Pegasus 40"}, {"", "Hoka", "Clifton 9"}}},
		{"another order", "Shoe Brand,Shoe Model,Shoe Name\nNike,Pegasus 40,Blue\n", []ExportShoe{{"Blue", "Nike", "Pegasus 40"}}},
		{"another language", "Schuhname,Schuhmarke,Schuhmodell\nBlue,Nike,Pegasus 40\n", []ExportShoe{{"Blue", "Nike", "Pegasus 40"}}},
		{"empty", "Shoe Name,Shoe Brand,Shoe Model\n", nil},
	} {
		got, p := ReadStravaShoes(strings.NewReader(tc.csv))
		if diff := cmp.Diff(tc.want, got); diff != "" || p != nil {
			t.Errorf("%s: %v (-want +got):\n%s", tc.name, p, diff)
		}
	}
	if got := (ExportShoe{"", "Hoka", "Clifton  9"}).Label(); got != "Hoka Clifton 9" {
		t.Errorf("a pair without a name is called %q", got)
	}
	if _, p := ReadStravaShoes(strings.NewReader("a,b\n1,2\n")); p == nil || p.Kind != NotActivity {
		t.Errorf("two columns: %v", p)
	}
}

func TestExportSport(t *testing.T) {
	for typ, want := range map[string]string{
		"Run": "running unspecified", "Trail Run": "running trail", "Virtual Run": "running virtual", "Treadmill": "running treadmill",
		"Lauf": "running unspecified", "Traillauf": "running trail", "Hardloopsessie": "running unspecified", "跑步": "running unspecified",
		"越野跑": "running trail", "Course à pied": "running unspecified", "Trail": "running trail", "Corsa": "running unspecified",
		"Corrida": "running unspecified", "ランニング": "running unspecified", "treadmill_running": "running treadmill",
		"trail_running": "running trail", "track_running": "running track", "street_running": "running road", "virtual_run": "running virtual",
		"indoor_running": "running treadmill", "Ride": "cycling unspecified", "E-Bike Ride": "cycling unspecified", "Radfahrt": "cycling unspecified",
		"Walk": "walking unspecified", "Wanderung": "walking unspecified", "Weight Training": "strength unspecified",
		"Entraînement aux poids": "strength unspecified", "strength_training": "strength unspecified", "Workout": "other unspecified",
		"Nordic Ski": "other unspecified", "Narciarstwo biegowe": "other unspecified", "Schneeschuhlaufen": "other unspecified", "Skilanglauf": "other unspecified", "Swim": "other unspecified", "multi_sport": "other unspecified", "Xyz": "unknown unspecified",
		"": "unknown unspecified", "9": "unknown unspecified",
	} {
		sport, kind := exportSport(typ)
		if got := string(sport) + " " + string(kind); got != want {
			t.Errorf("%q is %s, want %s", typ, got, want)
		}
	}
}

func TestTableNumber(t *testing.T) {
	nan := math.NaN()
	for s, want := range map[string]float64{
		"5000.0": 5000, "5,01": 5.01, "1.234,5": 1234.5, "1,234.5": 1234.5, "1,234": 1234, "12,34": 12.34, "1.234.567": 1234567,
		"1 234,5": 1234.5, "1\u202f234,5": 1234.5, "1’234.5": 1234.5, "0": 0, "-3": -3, "": nan, "abc": nan, "1e5": nan, "0x10": nan,
		"NaN": nan, "Inf": nan, "--": nan, ",": nan, strings.Repeat("9", 400): nan, "5 km": nan,
	} {
		if got := tableNumber(s); got != want && !(math.IsNaN(got) && math.IsNaN(want)) {
			t.Errorf("%q is %v, want %v", s, got, want)
		}
	}
}

func TestExportTime(t *testing.T) {
	for s, want := range map[string]string{
		"Sep 12, 2018, 3:02:23 PM": "2018-09-12T15:02:23", "12 Sep 2018, 15:02:23": "2018-09-12T15:02:23", "12. Sept. 2018, 15:02:23": "2018-09-12T15:02:23",
		"Sept 12, 2018, 3:02:23 p.m.": "2018-09-12T15:02:23", "12 sept 2018, 3:02:23 a. m.": "2018-09-12T03:02:23",
		"27 juil. 2026, 03:45:40": "2026-07-27T03:45:40", "27 juin 2026 03:45:40": "2026-06-27T03:45:40", "6 mrt. 2024 14:23:15": "2024-03-06T14:23:15",
		"5 maj 2024 kl. 14:23:15": "2024-05-05T14:23:15", "5. 3. 2024 14:23:15": "2024-03-05T14:23:15", "5 mar 2024, 14:23:15": "2024-03-05T14:23:15",
		"5 ago 2024, 14:23:15": "2024-08-05T14:23:15", "5 de dez. de 2024, 14:23:15": "2024-12-05T14:23:15", "2024/05/01 8:00:00": "2024-05-01T08:00:00",
		"2024. 5. 1. 오후 8:00:00": "2024-05-01T20:00:00", "2026年8月16日 09:01:41": "2026-08-16T09:01:41", "2026/08/16 午後1:02:03": "2026-08-16T13:02:03",
		"2025-06-01T08:00:00Z": "2025-06-01T08:00:00", "2025-06-01T08:00:00+02:00": "2025-06-01T06:00:00", "2018-09-12 15:02:23 UTC": "2018-09-12T15:02:23",
		"5 мая 2024 г., 14:23:15": "2024-05-05T14:23:15", "20. sep. 2026 14.12.12": "2026-09-20T14:12:12",
		"": "", "Run": "", "2018-13-40 10:00:00": "", "Feb 30, 2018, 3:02:23 PM": "", "Sep 12, 1918, 3:02:23 PM": "", "12": "", "99999999999999999999999": "",
		"Sep 12, 2018, 25:02:23": "", "Sep 12, 2018, 3:62:23 PM": "",
	} {
		got, _, ok := exportTime(s, false)
		if text := got.Format("2006-01-02T15:04:05"); ok != (want != "") || ok && text != want {
			t.Errorf("%q is %s (%v), want %s", s, text, ok, want)
		}
	}
	for month := time.January; month <= time.December; month++ {
		for _, layout := range []string{"2 January 2006 15:04", "Jan 2, 2006, 3:04:05 PM"} {
			want := time.Date(2024, month, 9, 16, 4, 0, 0, time.UTC)
			if got, _, ok := exportTime(want.Format(layout), false); !ok || !got.Equal(want) {
				t.Errorf("%q is %v", want.Format(layout), got)
			}
		}
	}
}

// FuzzStravaCSV holds what is true of any table: no panic, no more rows than lines, values that can be, an identity each.
func FuzzStravaCSV(f *testing.F) {
	row := "11,\"20.09.2026, 14:12:12\",Runde,Lauf,\"a\nb\",1900,\"5,01\",,,false,,Patria,activities/77.fit,,,1900,1800,5010.5,4,2.7,30,31\n"
	for _, head := range []string{englishHead, germanHead, frenchHead, unknownHead} {
		f.Add([]byte(head + "\n" + row))
	}
	f.Add([]byte("id,date,name,type,description,elapsed_time,distance,commute,gear,filename\n1,2018-09-12 15:02:23,E,Run,,1300,3681.0,true,M,activities/1.gpx\n"))
	f.Add([]byte("\xff\xfea\x00,\x00"))
	f.Add([]byte("Activity ID;Activity Date\n\"\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		rows, p := ReadStrava(bytes.NewReader(data))
		if lines := bytes.Count(data, []byte("\n")) + bytes.Count(data, []byte("\r")) + 1; len(rows) > lines {
			t.Errorf("%d rows of %d lines", len(rows), lines)
		}
		if p != nil && (p.Kind == NotActivity || p.Kind == Unsupported) && len(rows) > 0 {
			t.Errorf("%v beside %d rows", p, len(rows))
		}
		ids := map[string]bool{}
		for _, r := range rows {
			if ids[r.ID] || r.Sport == "" || r.Kind == "" || r.Start.IsZero() && r.Filename == "" || strings.Contains(r.Filename, `\`) {
				t.Errorf("a row that cannot be: %+v", r)
			}
			ids[r.ID] = true
			for _, v := range []float64{r.Totals.DistM, r.Totals.MovingS, r.Totals.ElapsedS, r.Totals.DescentM, r.Steps, r.DirtM} {
				if v < 0 || math.IsInf(v, 0) {
					t.Errorf("a value that cannot be: %+v", r)
				}
			}
		}
	})
}
