package cli

import "kneecheck/analyze"

// hint is one structure that pain in a place is commonly linked with.
type hint struct {
	// structure names it and feels says how it typically shows; both come from source.
	structure, feels, source string
}

// placeHints are the hints for one place of a knee.
type placeHints struct {
	place analyze.PainPlace
	title string
	hints []hint
	// care is what to watch for in this place above all; empty when it is what holds for every knee.
	care string
}

// The sources of the hints. What is known of places is clinical teaching; none of it was tested on running logs.
const (
	srcPFP       = "Clinical concepts of patellofemoral pain, PMC7740062"
	srcITB       = "timeofcare.com, iliotibial band syndrome; Fresno internal medicine, question GM099 (where it is felt)"
	srcMeniscus  = "timeofcare.com (joint line, catching and locking); injuries of 254 beginners, PMC4055729 (how common)"
	srcPes       = "GLOrthopedics, bursitis; Fresno internal medicine, question GM099 (where it is felt)"
	srcMCL       = "Milroy, Medial collateral ligament injury, Runner's World UK"
	srcTendon    = "Youthful Physical Therapy, patellar tendinopathy"
	srcOsgood    = "East Sussex Healthcare NHS, Osgood-Schlatter's disease; Boston Children's Hospital"
	srcBack      = "Sport Doctor London, pain behind the knee"
	srcClot      = "MedlinePlus, read in a secondary source"
	srcPronation = "Nielsen et al. 2014, British Journal of Sports Medicine 48:440, doi:10.1136/bjsports-2013-092202"
	srcShoes     = "Kong et al. 2009; RISC study 2023, doi:10.1186/s40798-023-00589-1"
)

// kneeHints are the places in the order of the journal's spellings.
var kneeHints = []placeHints{
	{analyze.FrontOfKnee, "Front of the knee, around or behind the kneecap", []hint{
		{"Kneecap joint (patellofemoral pain, “runner's knee”)",
			"an ache around or behind the kneecap, worse on stairs, when squatting and after long sitting. Downhill and long steps load this joint most. One in ten injuries of beginners.", srcPFP},
		{"Patellar tendon", "felt just below the kneecap rather than around it: see kneecheck pain explain below.", srcTendon},
	}, ""},
	{analyze.InnerSide, "Inner side of the knee", []hint{
		{"Inner meniscus or worn joint", "felt on the joint line itself, with catching or locking. The inner meniscus was 9 % of the injuries of beginners. A knee that locks should be seen the same day.", srcMeniscus},
		{"Inner ligament (MCL)", "begins with a twist, a slip or a blow from the outer side; without one, knock knees and always running on the same side of a sloping road are named.", srcMCL},
		{"Pes anserine (tendons and bursa)", "felt on the inner shin, 4 to 5 cm below the joint line, and tender there.", srcPes},
	}, ""},
	{analyze.OuterSide, "Outer side of the knee", []hint{
		{"IT band (iliotibial band)", "felt 2 to 3 cm above the joint line, worse downhill.", srcITB},
		{"Outer meniscus or worn joint", "felt on the joint line itself, with catching or locking. A knee that locks should be seen the same day.", srcMeniscus},
	}, ""},
	{analyze.BackOfKnee, "Back of the knee", []hint{
		{"Baker's cyst", "a tight, full feeling in the hollow, often with some other trouble inside the joint.", srcBack},
		{"Tendons of the hamstrings or the calf", "felt at one side of the hollow or at the top of the calf, when pushing off or bending against resistance.", srcBack},
		{"Meniscus", "felt deep behind the knee when bending fully or twisting.", srcBack},
	}, "A calf that is swollen, warm, red or tender together with pain behind the knee needs a doctor the same day: a clot has to be ruled out (" + srcClot + ")."},
	{analyze.BelowKnee, "Below the kneecap", []hint{
		{"Patellar tendon", "felt between the lower tip of the kneecap and the bump on the shin, with jumps, hills and stairs, and again the morning after.", srcTendon},
		{"Bump on the shin while growing (Osgood-Schlatter)", "a sore bump where the tendon meets the shin, in children and young people who are growing.", srcOsgood},
	}, ""},
}

// triggers are what is commonly blamed for any place, with what is known of it.
var triggers = []struct{ grade, text string }{
	{"moderate", "One run much longer than those of the month before (KC101), and more downhill than usual (KC304, weak): the first things to look at in the log. kneecheck replay lines them up with your entries."},
	{"moderate in the laboratory", "Long, slow steps: 10 % more steps a minute lowered the peak force on the kneecap joint by 14 % (Lenhart 2014). In 68 runners whose kneecap hurt, 35 % felt at least one point less at once (Esculier 2022)."},
	{"contradicted", "Feet that roll in (overpronation): in 927 beginners in neutral shoes for a year, such feet were not injured more (" + srcPronation + "). A later analysis of one trial of motion-control shoes points the other way, for them only."},
	{"convention", "Worn or new shoes: knee angles were the same after 200 miles, and frequent changes went with injury, not against it (" + srcShoes + "). Look at the soles all the same: wear on one side tells how that leg lands."},
}

const (
	oneKnee  = "One knee: as physiotherapists reason, look for what differs between the legs: the wear of the two shoes, a sloping road or the same direction on a track, an old injury, a difference in leg length, how the foot and hip of that side move."
	twoKnees = "Both knees: as physiotherapists reason, what both legs share is the more common thread: more load than they were used to, long steps, and the strength of hips and thighs."
	// sidesGrade says how well founded the difference is.
	sidesGrade = "Evidence: convention; no study tested this on logs."
)

// selfCare is what usually helps, in the order in which to try it.
var selfCare = []string{
	"Less load at a time: shorter and more frequent runs, 10 to 20 % slower, or 4 minutes of running and 1 of walking.",
	"The rule: at most 2/10 while running, gone within 60 minutes, no worse the next morning. Beyond it, the next run is shorter.",
	"5 to 10 % more steps a minute at the same pace; no downhill and few stairs for a while.",
	"Strength of hips and thighs, two or three times a week: studies are mixed, and supervised training did better.",
}

// careSource is where selfCare comes from.
const careSource = "Evidence: moderate for steering by symptoms (Esculier 2018, trial with 69 runners), convention for the figures (TREK, education for runners with kneecap pain)."

const seeSomebody = "The same day: very painful or cannot bear weight; cannot be moved or changed its shape; badly swollen; locks or gives way; red and hot, with fever above all. " +
	"Soon: pain at night or at rest, clicking that itself hurts. Within a few weeks: no improvement."
